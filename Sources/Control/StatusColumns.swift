extension StatusText {
  /// The widths of the table's columns: as wide as what is in them, within what the screen has.
  struct Columns {
    let address: Int
    let state: Int
    let holder: Int
    let interfaces: Int
    let since: Int
    /// Zero where there is no room for it: the first column to go.
    let answers: Int
    /// What is left of the line after the state.
    let room: Int?

    init(_ addresses: [AddressStatus], now: WallTime, width: Int?) {
      func widest(_ heading: String, _ text: (AddressStatus) -> String) -> Int {
        addresses.reduce(heading.count) { max($0, text($1).count) }
      }
      address = widest("ADDRESS") { printable($0.address) }
      state = widest("STATE") { printable($0.state.rawValue) }
      let fixed = address + state + 4
      let room = width.map { max(20, $0 - fixed) }
      self.room = room
      since = widest("SINCE") { StatusText.since($0, now) }
      let wanted = (
        holder: min(widest("HOLDER") { StatusText.holder($0) }, TextTable.longestName),
        interfaces: min(widest("ON") { StatusText.interfaces($0) }, TextTable.longestName),
        answers: widest("ANSWERS") { String($0.answers) }
      )
      guard let room else {
        holder = wanted.holder
        interfaces = wanted.interfaces
        answers = wanted.answers
        return
      }
      // The holder and the interfaces share what the fixed columns leave; the shorter one has all
      // it wants, and the answers go before either is cut below eight.
      let least = min(wanted.holder, 8) + min(wanted.interfaces, 8)
      answers = room >= least + since + wanted.answers + 6 ? wanted.answers : 0
      let shared = max(8, room - since - (answers == 0 ? 0 : answers + 2) - 4)
      if wanted.holder + wanted.interfaces <= shared {
        holder = wanted.holder
        interfaces = wanted.interfaces
      } else {
        let half = shared / 2
        holder = min(wanted.holder, max(half, shared - wanted.interfaces))
        interfaces = shared - holder
      }
    }

    var heading: String {
      let answersHeading =
        answers == 0 ? "" : "  " + TextLayout.rightAligned("ANSWERS", to: answers)
      return TextLayout.padded("ADDRESS", to: address) + "  "
        + TextLayout.padded("STATE", to: state) + "  " + TextLayout.padded("HOLDER", to: holder)
        + "  " + TextLayout.padded("ON", to: interfaces) + "  "
        + TextLayout.rightAligned("SINCE", to: since) + answersHeading
    }

    /// Whether a reason gets a line of its own: the rest of this one would hold too little of it.
    func hasLine(for reason: String) -> Bool {
      guard let room else { return false }
      let left = room - holder - 2
      return left < 32 && printable(reason).count > left
    }

    /// Everything after the state. A reason takes the place of what a blocked address lacks; what
    /// is cut here, `explain` shows in full.
    func rest(of entry: AddressStatus, now: WallTime) -> String {
      let who = TextLayout.padded(
        TextLayout.cut(StatusText.holder(entry), to: holder), to: holder)
      if let reason = entry.reason {
        if hasLine(for: reason) { return who }
        return "\(who)  \(TextLayout.cut(printable(reason), to: room.map { $0 - holder - 2 }))"
      }
      let on = TextLayout.cut(StatusText.interfaces(entry), to: interfaces)
      let age = TextLayout.rightAligned(StatusText.since(entry, now), to: since)
      let answered =
        answers == 0 ? "" : "  " + TextLayout.rightAligned("\(entry.answers)", to: answers)
      return "\(who)  \(TextLayout.padded(on, to: interfaces))  \(age)\(answered)"
    }
  }

  static func holder(_ entry: AddressStatus) -> String { printable(entry.holder ?? "-") }

  static func interfaces(_ entry: AddressStatus) -> String {
    entry.interfaces.isEmpty ? "-" : printable(entry.interfaces.joined(separator: ","))
  }

  static func since(_ entry: AddressStatus, _ now: WallTime) -> String {
    entry.since.map { TextLayout.age(of: $0, at: now) } ?? "-"
  }
}
