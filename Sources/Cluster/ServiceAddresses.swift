internal import Wire

/// The addresses of a Service that may be announced, by kind, and why not the others.
struct ServiceAddresses {
  private(set) var loadBalancer: [IPAddress] = []
  private(set) var external: [IPAddress] = []
  private(set) var reasons: [ServiceReason] = []

  /// - Parameter countsRequested: whether `spec.loadBalancerIP` counts as long as no controller has
  ///   written a status. In files, where there is no controller; never from the API server, where the
  ///   address may have been refused or given to somebody else.
  init(_ service: Service, countsRequested: Bool) {
    for ingress in service.ingress {
      if let type = service.type, type != "LoadBalancer" {
        // What an earlier type left behind in the status.
        reasons.append(.notLoadBalancer(type: type))
        break
      }
      guard let ip = ingress.ip, !ip.isEmpty else {
        if let name = ingress.hostname, !name.isEmpty { reasons.append(.hostnameOnly(name)) }
        continue
      }
      if ingress.ipMode == "Proxy" {
        reasons.append(.onProxy(ip))
      } else if let address = address(ip), !loadBalancer.contains(address) {
        loadBalancer.append(address)
      }
    }
    if countsRequested, service.ingress.isEmpty, service.type ?? "LoadBalancer" == "LoadBalancer",
      let text = service.loadBalancerIP, !text.isEmpty, let address = address(text)
    {
      loadBalancer.append(address)
    }
    for text in service.externalIPs {
      if let address = address(text), !external.contains(address) { external.append(address) }
    }
    if loadBalancer.isEmpty && external.isEmpty && reasons.isEmpty { reasons.append(.noAddress) }
  }

  private mutating func address(_ text: String) -> IPAddress? {
    guard let address = IPAddress(text) else {
      reasons.append(.unusableAddress(text, "it is no address"))
      return nil
    }
    if let reason = address.reasonNotAnnounceable {
      reasons.append(.unusableAddress(text, reason))
      return nil
    }
    return address
  }
}
