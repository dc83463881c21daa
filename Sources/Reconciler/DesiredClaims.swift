internal import Announcer
internal import Wire

/// What is to be armed, with what depends on all of it counted, so that a change costs what it touches.
struct DesiredClaims: Sendable {
  private(set) var claims: [Claim: Affirmation] = [:]
  /// How many claims need each solicited-node group, and each link.
  private var groupUses: [GroupMembership: Int] = [:]
  private var linkUses: [Int32: Int] = [:]

  init() {}

  init(_ claims: [Claim: Affirmation]) {
    self.claims = claims
    for (claim, affirmation) in claims { count(claim, affirmation, 1) }
  }

  var groups: Set<GroupMembership> { Set(groupUses.keys) }
  /// By index.
  var links: Set<Int32> { Set(linkUses.keys) }

  mutating func insert(_ claim: Claim, _ affirmation: Affirmation) {
    guard claims[claim] != affirmation else { return }
    remove(claim)
    claims[claim] = affirmation
    count(claim, affirmation, 1)
  }

  mutating func remove(_ claim: Claim) {
    guard let affirmation = claims.removeValue(forKey: claim) else { return }
    count(claim, affirmation, -1)
  }

  private mutating func count(_ claim: Claim, _ affirmation: Affirmation, _ difference: Int) {
    let uses = linkUses[claim.interfaceIndex, default: 0] + difference
    linkUses[claim.interfaceIndex] = uses == 0 ? nil : uses
    guard let group = GroupMembership(of: claim, affirmation) else { return }
    let members = groupUses[group, default: 0] + difference
    groupUses[group] = members == 0 ? nil : members
  }
}
