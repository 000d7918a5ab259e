"""The lab's situations as other tools see them: what docs/comparison.md is made of."""
