"""The lowered model as Python source. Needs no Keras: it prints the calls that `keras_backend` makes."""
