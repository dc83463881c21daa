/// One claim as the store has it, for people.
package struct SurveyedClaim: Hashable, Sendable {
  package let holder: Holder
  /// The time of day in RFC 3339, as it was written; nil where it does not say.
  package var since: String?
  /// Where the holder wanted to announce the address when it made the claim; nil where it does not say.
  package var note: ClaimNote?
  /// Why it is no sound claim of an announcer though it keeps everybody from the address; nil for a
  /// sound one.
  package var defect: String?
  /// When an address at the latest comes free that was taken from its holder by somebody's hand; nil for
  /// all others, which end with their sessions.
  package var endsWithin: Duration?

  package init(
    holder: Holder, since: String? = nil, note: ClaimNote? = nil, defect: String? = nil,
    endsWithin: Duration? = nil
  ) {
    self.holder = holder
    self.since = since
    self.note = note
    self.defect = defect
    self.endsWithin = endsWithin
  }
}
