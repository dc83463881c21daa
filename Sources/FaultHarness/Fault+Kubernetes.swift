internal import FaultCheckers

extension Fault {
  /// The same fault with Leases as the store: its description does not ask which store there is.
  ///
  /// - Parameter title: where the name would not say it, or not fit its column.
  func onKubernetes(
    _ title: String? = nil, runs: Int, quickRuns: Int? = nil, bounds: GapBounds,
    settling: Duration? = nil, layout: Layout = .kubernetes
  ) -> Fault {
    var fault = self
    fault.name = "k8s: \(title ?? name)"
    fault.layout = layout
    fault.runs = runs
    fault.quickRuns = quickRuns
    fault.bounds = bounds
    if let settling { fault.settling = settling }
    return fault
  }
}
