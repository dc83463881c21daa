import AddressPools
import Cluster
import Wire

/// A time of creation; later numbers are later.
func time(_ number: Int) -> String {
  let digits = String(number)
  return "2026-01-01T00:0\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
}

/// - Parameter blocks: `10.0.0.0/28`, or `10.0.0.1-10.0.0.9`.
func pool(
  _ name: String, _ blocks: String..., age: Int = 0, selector: [String: String]? = nil,
  disabled: Bool = false, firstLast: Bool = true
) -> LoadBalancerIPPool {
  var pool = LoadBalancerIPPool(name, blocks: blocks.map(written))
  pool.createdAt = time(age)
  pool.serviceSelector = selector.map { LabelSelector(matchLabels: $0) }
  pool.isDisabled = disabled
  pool.allowsFirstLast = firstLast
  pool.generation = 1
  return pool
}

func written(_ text: String) -> LoadBalancerIPPool.WrittenBlock {
  let ends = text.split(separator: "-").map(String.init)
  return text.contains("/") || ends.count != 2 ? .cidr(text) : .run(start: ends[0], stop: ends[1])
}

func service(
  _ name: String, age: Int = 0, in namespace: String = "default", labels: Labels = [:],
  class className: String? = nil, families: [IPFamily] = [.ipv4],
  policy: Service.FamilyPolicy = .singleStack, ips: String? = nil, key: String? = nil,
  with namespaces: [String] = [], ports: [UInt16] = [80], selector: Labels = [:],
  isLocal: Bool = false, has ingress: [String] = [], external: [String] = []
) -> Service {
  var allocation = Service.Allocation()
  allocation.families = families
  allocation.familyPolicy = policy
  allocation.requestedIPs = ips
  allocation.sharingKey = key
  allocation.sharingNamespaces = namespaces
  allocation.ports = ports.map { Service.Port($0) }
  allocation.podSelector = selector
  allocation.createdAt = time(age)
  return Service(
    ObjectName(namespace, name), labels: labels, type: "LoadBalancer",
    loadBalancerClass: className, externalIPs: external,
    ingress: ingress.map { .init(ip: $0) }, isLocal: isLocal, allocation: allocation)
}

let dual: [IPFamily] = [.ipv4, .ipv6]

func address(_ text: String) -> IPAddress { IPAddress(text)! }
