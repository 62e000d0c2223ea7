"""Recipe jobs on instances: the recipe that a training job gets as its channel `recipe`, made from a template."""
