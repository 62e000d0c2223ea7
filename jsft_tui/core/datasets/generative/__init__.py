"""Datasets of models that generate text (language models, text to text, image and text): JSON Lines or plain text."""
