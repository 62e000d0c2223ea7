"""Data formats of customizations: SFT, DPO, RLVR, RLAIF."""
