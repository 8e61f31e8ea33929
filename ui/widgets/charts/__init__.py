"""Charts drawn with QPainter: values in, a picture, a spoken sentence and a table out.

What is shown (`data`, `units`, `inks`) knows nothing of Qt's widgets. Each kind of chart is one widget
that turns its data into a `Drawing`: a list of filled shapes and words, made once for a size, a font
and a scheme (`Look`), with the place of every point. Painting only runs down that list. Everything that
the kinds share stands once: `Chart` has the current point, keys, tips, announcements and the empty
sentence; `axes`, `legend` and `signs` draw what their names say.

A value of None is unknown: a gap in the picture, "unknown" in words, never zero.
"""
