"""The settings of a run and of jsft itself: what each is for, how it is parsed, where its value comes from."""
