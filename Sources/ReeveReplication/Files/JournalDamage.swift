/// The sentences for journals that cannot be opened: which file, where in it, and what can be done.
extension JournalError {
  static func damaged(
    _ path: String,
    offset: Int,
    position: UInt64,
    because reason: String,
    laterSegments: Bool
  ) -> JournalError {
    JournalError(
      .damaged,
      "\(path) is damaged at byte \(offset), where position \(position) should be; it is no interrupted append, because "
        + "\(reason). Nothing has been changed. Restore the file from a copy. Where there is none, "
        + "`truncate --size=\(offset) \(path)`\(laterSegments ? ", with all later segments moved away," : "") makes the "
        + "journal end before position \(position): that and everything after it is then lost."
    )
  }

  static func unreadable(_ path: String, offset: Int, position: UInt64) -> JournalError {
    JournalError(
      .damaged,
      "\(path) no longer has position \(position) at byte \(offset), which was whole when the journal was opened: the "
        + "disk is failing, or somebody else writes there. Nothing has been changed."
    )
  }

  static func header(_ flaw: SegmentHeader.Flaw, _ path: String) -> JournalError {
    switch flaw {
    case .damaged:
      JournalError(
        .damaged,
        "\(path) is damaged at byte 0: it does not begin with a segment's header. Nothing has been changed. Restore the "
          + "file from a copy. Where there is none, moving it and all later segments away makes the journal end before "
          + "the position in its name: that and everything after it is then lost."
      )
    case .newer(let version):
      newer(path, what: "format \(version)")
    case .older(let version):
      older(path, what: "format \(version)")
    }
  }

  static func older(_ path: String, what: String) -> JournalError {
    JournalError(
      .olderFormat,
      "\(path) has \(what), which this version of Reeve cannot read any more. Nothing has been changed. Let the version that "
        + "wrote it finish its jobs, then begin with a new data directory."
    )
  }

  static func newer(_ path: String, what: String) -> JournalError {
    JournalError(
      .newerFormat,
      "\(path) has a \(what) that this version of Reeve does not know (it knows format \(SegmentHeader.version)). Start "
        + "the version that wrote it, or a later one."
    )
  }

  static func renamed(_ path: String, first: UInt64) -> JournalError {
    JournalError(
      .damaged,
      "\(path) is damaged at byte 32: its first position is \(first), which is not what its name says. Nothing has been "
        + "changed. If it was renamed, its name was \(PositionName.segment.of(first))."
    )
  }

  static func otherCluster(_ path: String, found: UInt128, expected: UInt128) -> JournalError {
    JournalError(
      .otherCluster,
      "\(path) belongs to the cluster \(hexadecimal(found)), not to \(hexadecimal(expected)). Start that cluster here, or "
        + "give this one another directory."
    )
  }

  /// A segment is not there, and later ones are.
  static func missing(_ path: String, _ positions: Range<UInt64>, _ directory: String) -> JournalError {
    JournalError(
      .segmentMissing,
      "\(path) is missing: \(directory) has nothing for the positions \(positions.lowerBound) to "
        + "\(positions.upperBound - 1), but later ones. Nothing has been changed. Restore the file from a copy. Where there "
        + "is none, moving all later segments away makes the journal end before position \(positions.lowerBound): that "
        + "and everything after it is then lost."
    )
  }

  /// The oldest segment that is there begins too late for the newest snapshot that can be used.
  static func missing(
    _ path: String,
    before first: UInt64,
    after snapshot: UInt64,
    in directory: String
  ) -> JournalError {
    let start = snapshot > 0 ? "the snapshot of position \(snapshot)" : "nothing at all"
    return JournalError(
      .segmentMissing,
      "\(path) is missing: \(directory) begins at position \(first), and no snapshot that can be used has the positions "
        + "\(snapshot + 1) to \(first - 1). Nothing has been changed. Restore that file, or a newer snapshot beside "
        + "\(directory), from a copy. Where there is none, moving all segments away makes the master go on from \(start): "
        + "everything later is then lost."
    )
  }

  /// The journal has lost its end, and a snapshot shows it.
  static func endsEarly(
    _ directory: String,
    position: UInt64,
    _ expected: JournalExpectation
  ) -> JournalError {
    let snapshot = "there is a snapshot of position \(expected.reaches)"
    let (flaw, remedy) =
      expected.reaches > expected.after
      ? (
        "\(snapshot), which cannot be read at the moment: what is needed is there only",
        "Make it readable, or restore it from a copy. Where neither can be done, moving it away makes the journal end at "
          + "position \(position): everything after that is then lost."
      )
      : (
        "\(snapshot): something is missing",
        "Restore the files from a copy. Where there is none, moving all segments away makes the journal go on after the "
          + "snapshot: everything after it is then lost."
      )
    return JournalError(
      .segmentMissing,
      "\(directory) ends at position \(position), but \(flaw). \(remedy)"
    )
  }

  /// A segment is not there, nor any later one, but the last one says that it was.
  static func lastMissing(_ path: String, position: UInt64, mark: Int, in last: String) -> JournalError {
    JournalError(
      .segmentMissing,
      "\(path) is missing: \(last) says at byte \(mark) that the journal goes on there. Nothing has been changed. Restore "
        + "the file from a copy. Where there is none, `truncate --size=\(mark) \(last)` makes the journal end before "
        + "position \(position): that and everything after it is then lost."
    )
  }

  static func hexadecimal(_ id: UInt128) -> String { id.padded(to: 32, radix: 16) }
}
