/// What became of `announcer handover ADDRESS`.
package struct Handover: FieldValue {
  /// In canonical form.
  @Field package var address: String
  /// Who held it; nil where nobody did.
  @Field package var from: String?
  /// Who holds it now; nil where nobody has taken it.
  @Field package var to: String?
  /// From the command to the news of the new holder, or, where there is none, of the release.
  @Field package var tookMs: Double?
  /// Why it was not handed over, for people; nil where it was.
  @Field package var error: String?

  package init(
    address: String, from: String? = nil, to: String? = nil, tookMs: Double? = nil,
    error: String? = nil
  ) {
    self.address = address
    self.from = from
    self.to = to
    self.tookMs = tookMs
    self.error = error
  }

  package static var absent: Self { Self(address: "") }
}

extension Handover {
  /// One line for people, with its end.
  package var text: String {
    if let error { return printable("\(address): \(error)") + "\n" }
    var line = to.map { "\(address) handed over to \($0)" } ?? "\(address) given up"
    if let tookMs { line += " in \(Self.text(tookMs)) ms" }
    if to == nil { line += "; nobody has taken it yet" }
    return printable(line) + "\n"
  }

  /// To the tenth below ten milliseconds, whole above.
  private static func text(_ milliseconds: Double) -> String {
    let isShort = milliseconds < 9.95
    let shown = isShort ? (milliseconds * 10).rounded() / 10 : milliseconds.rounded()
    let text = "\(shown)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
