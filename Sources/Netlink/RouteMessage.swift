package import Announcer

/// One message from the route socket, as a value: everything above this type is free of pointers.
package struct RouteMessage: Hashable, Sendable {
  /// `nlmsg_seq`: of the request that this answers, 0 for a notification.
  package let sequence: UInt32
  /// NLM_F_DUMP_INTR: the kernel's tables changed while it listed them, so the list is not one state.
  package let isInterrupted: Bool
  package let body: Body

  package enum Body: Hashable, Sendable {
    case newLink(LinkMessage)
    /// RTM_DELLINK. Only family AF_UNSPEC means that the link is gone.
    case deleteLink(family: UInt8, index: Int32)
    case newAddress(AddressMessage)
    case deleteAddress(AddressMessage)
    /// An NTF_PROXY entry (RTM_NEWNEIGH).
    case proxy(NeighborProxy)
    /// A default route that is there, has come or has gone (RTM_NEWROUTE, RTM_DELROUTE), and its routers.
    case defaultRoute([Gateway])
    /// NLMSG_DONE: the end of a dump, with an error number where it ended early, else 0.
    case done(code: Int32)
    /// NLMSG_ERROR: the answer to a request, 0 for an acknowledgement, with the kernel's own words
    /// where it has some (NLMSGERR_ATTR_MSG).
    case failure(code: Int32, message: String?)
    /// Well-formed, and nothing to us.
    case other(type: UInt16)
  }

  package init(sequence: UInt32 = 0, isInterrupted: Bool = false, _ body: Body) {
    self.sequence = sequence
    self.isInterrupted = isInterrupted
    self.body = body
  }
}
