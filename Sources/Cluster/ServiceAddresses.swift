internal import Wire

/// The addresses of a Service that may be announced, by kind, and why not the others.
struct ServiceAddresses {
  private(set) var loadBalancer: [IPAddress] = []
  private(set) var external: [IPAddress] = []
  private(set) var reasons: [ServiceReason] = []

  /// - Parameter countsRequested: whether `spec.loadBalancerIP` and the annotations that ask for addresses
  ///   count as long as no controller has written a status. True for files, which have no controller; false
  ///   for the API server, whose controller may have refused the address or allocated it elsewhere.
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
    if countsRequested, service.ingress.isEmpty, service.type ?? "LoadBalancer" == "LoadBalancer" {
      addRequested(service)
    }
    for text in service.externalIPs {
      if let address = address(text), !external.contains(address) { external.append(address) }
    }
    if loadBalancer.isEmpty && external.isEmpty && reasons.isEmpty { reasons.append(.noAddress) }
  }

  /// What a controller would be asked for.
  private mutating func addRequested(_ service: Service) {
    var texts = (service.requestedIPs.first?.words ?? []).map(String.init)
    if let text = service.loadBalancerIP, !text.isEmpty { texts.insert(text, at: 0) }
    for text in texts {
      if let address = address(text), !loadBalancer.contains(address) {
        loadBalancer.append(address)
      }
    }
    for other in service.requestedIPs.dropFirst() {
      reasons.append(.outvoted(other, by: service.requestedIPs[0]))
    }
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
