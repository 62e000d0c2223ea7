"""Texts of the agent on the instance, which acts as the execution role: data, image, output, network."""
