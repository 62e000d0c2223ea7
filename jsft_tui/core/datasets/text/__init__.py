"""Datasets of models that judge texts (classification, sentence pairs, answers, similarity): `data.csv`."""
