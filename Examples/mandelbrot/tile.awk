# One tile of the picture: a line of grey values for each row of pixels.
# Wants: x0 y0 (the tile's first pixel), width height (of the tile), columns rows (of the picture).
BEGIN {
  limit = 255
  for (y = y0; y < y0 + height; y++) {
    line = ""
    for (x = x0; x < x0 + width; x++) {
      cr = -2.2 + 3.2 * x / columns
      ci = -1.28 + 2.56 * y / rows
      zr = 0; zi = 0
      for (n = 0; n < limit; n++) {
        r2 = zr * zr; i2 = zi * zi
        if (r2 + i2 > 4) break
        zi = 2 * zr * zi + ci
        zr = r2 - i2 + cr
      }
      line = line (x > x0 ? " " : "") (n == limit ? 0 : 255 - n)
    }
    print line
  }
}
