/// How a Service's wish for addresses stands: the `reason` of its condition.
///
/// The words that Cilium has as well are the same, so that people's alerts go on working.
package enum AllocationReason: String, Hashable, Sendable, CaseIterable {
  case satisfied
  /// No pool that selects the Service has addresses of the family, or none that gives them out.
  case noPool = "no_pool"
  /// The pools that select it have no free address of the family.
  case outOfIPs = "out_of_ips"
  /// Another Service has the address that it asks for.
  case alreadyAllocated = "already_allocated"
  /// Another Service has it, under the same sharing key, and the two cannot share.
  case incompatible = "already_allocated_incompatible_service"
  /// A pool has the address that it asks for and does not select it.
  case selectorMismatch = "pool_selector_mismatch"
  /// What it asks for can never be given.
  case invalidRequest = "invalid_request"
  /// It has an address from somewhere else, which is left to whoever put it there.
  case foreignAddress = "foreign_address"
}
