# Reads the picture, shows it in characters, and counts what is black: the points of the set.
NR <= 3 { if (NR == 2) { columns = $1; rows = $2 } next }
{
  for (x = 1; x <= NF; x++) if ($x == 0) inside++
  if (NF != columns) { print "line " NR " has " NF " pixels, not " columns; bad = 1 }
  if ((NR - 4) % 16 == 8) {
    line = ""
    for (x = 4; x <= NF; x += 8) line = line ($x == 0 ? "#" : $x < 225 ? "*" : $x < 245 ? ":" : $x < 250 ? "." : " ")
    print line
  }
}
END {
  if (NR != rows + 3) { print "the picture has " NR - 3 " lines, not " rows; bad = 1 }
  area = inside * 3.2 * 2.56 / (columns * rows)
  printf "%d of %d points are in the set: an area of %.3f\n", inside, columns * rows, area
  if (inside != expected) { print "expected " expected; bad = 1 }
  exit bad
}
