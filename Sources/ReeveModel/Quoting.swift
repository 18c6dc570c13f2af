extension String {
  /// In quotes for a message: at most 60 characters, and none that would move a terminal's cursor.
  package var quoted: String {
    var shown = "\""
    for scalar in unicodeScalars.prefix(60) {
      shown += scalar.isPrintable || scalar == " " ? String(scalar) : scalar.escaped(asASCII: true)
    }
    if unicodeScalars.count > 60 { shown += "…" }
    return shown + "\""
  }
}

extension Unicode.Scalar {
  /// Whether it leaves ink on paper: neither blank, nor control, nor an invisible sign that reorders others.
  package var isPrintable: Bool {
    if value < 0x80 { return value > 0x20 && value < 0x7f }
    return switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: false
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
