"""The domain's types: frozen values that know no file format, no socket and no clock.

Everything here needs the standard library only. Read in this order: text, inventory,
task, observation, fact, finding, profile, score.
"""
