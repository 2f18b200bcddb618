"""The lowered model as a `keras.Model`. With `training` the only package that imports Keras when it loads."""
