package import Announcer
package import Time
package import Wire

extension Reconciler {
  /// What is to be done next, by whoever owns the sockets and the election.
  ///
  /// The outcome of `lookUp`, `join`, `arm`, `amend` and `trySending` is reported; until then the same step comes again.
  /// How frames fared (`announce`, `defend`) is reported too.
  package enum Step: Hashable, Sendable {
    // The wire.
    /// Make this the whole of what is armed: what is not in it is silent before anybody releases it (lease.md §2.4). It
    /// comes from the view of this revision, and the deadline stays what the lease has made it.
    case arm(ArmedSet, revision: UInt64)
    /// Change what is armed by this: what is removed is silent before anybody releases it. The links stay as they are.
    case amend(ArmedChange, revision: UInt64)
    /// Join and leave until exactly these groups are joined.
    case join(Set<GroupMembership>)
    /// Answer for nothing and announce nothing from here on.
    case silence

    // The election.
    /// Tell the election which addresses this node can serve. What is left out is silent already.
    case compete(for: Set<IPAddress>)
    /// Tell the election that these addresses of its `yielding` are silent.
    case giveUp(Set<IPAddress>)
    /// Have the store read, without shutting the gate.
    case verify
    /// Tell the election that another station asserts an address which is held without a lease (lease.md §2.10).
    case yieldToRival(IPAddress)
    /// Release everything and end the session: the node is silent.
    case end

    // Frames.
    /// Send one round of announcements; `isFirst` where neighbours hear something new.
    case announce(Claim, isFirst: Bool)
    /// Send the one announcement that defends the address.
    case defend(Claim)
    /// Ask whether anybody else has an address that is to stay here.
    case ask(Claim)
    /// Ask who else has what is held without a lease.
    case askForRivals([Claim])
    /// Try whether a frame for the address leaves on this link.
    case trySending(Sending.Way, IPAddress, from: MACAddress)

    // Before the first announcement.
    /// Find out for which of these the kernel of this node answers.
    case lookUp(Set<IPAddress>)
    /// Make this the whole of what is listened for.
    case listen(ListeningSet)
    /// Ask whether an address is free.
    case question([Claim])

    // News.
    /// Work out again what this node can serve: other stations, or the kernel, have changed it.
    case reassess
    /// The wire and the election agree with what is known.
    case settled
    /// Sum up the conflicts that had no line of their own.
    case summarize(ConflictNews.Summary)

    /// Nothing to do before this instant.
    case wait(until: Instant)
  }
}
