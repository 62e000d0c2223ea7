"""Texts that several screens say: remedies, empty lists, where something acts, what data looks like."""
