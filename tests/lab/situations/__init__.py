"""The situations, a module an area; `tests/lab/test_*_situations.py` scan and judge them."""
