/// Every key of the configuration with its meaning: the one source of docs/configuration.md and of
/// announcer.yaml(5).
///
/// The sections declare a key by asking for it; the tests hold this list against what they ask for, against the
/// defaults that they fill in, and against the bounds that they keep.
package enum ConfigurationReference {
  /// A part of the reference.
  package struct Chapter: Sendable {
    package let title: String
    package let keys: [ConfigurationKey]
  }

  package static let chapters = [
    Chapter(title: "What is announced, and where", keys: announced),
    Chapter(title: "Services of a Kubernetes cluster", keys: services),
    Chapter(title: "The lease", keys: lease),
    Chapter(title: "What is sent unasked", keys: gratuitous),
    Chapter(title: "The daemon itself", keys: daemon),
  ]

  package static var keys: [ConfigurationKey] { chapters.flatMap(\.keys) }

  private static let announced = [
    ConfigurationKey(
      "node", .text, without: "the host name", example: "node-a",
      "The name of this node, unique among those that share a lease; with Kubernetes the node's name in the cluster."
    ),
    ConfigurationKey(
      "interfaces", .list(.pattern), without: "every interface that can carry announcements",
      example: "[\"^lan0$\"]",
      "Where to announce. Patterns are unanchored: `lan` matches every interface with these letters in its name."
    ),
    ConfigurationKey(
      "announcements", .sections, default: "[]", example: "[{addresses: [10.80.8.150]}]",
      "What to announce, stated here; each entry has the next four keys."),
    ConfigurationKey(
      "announcements[].name", .text, without: "its number in the list", example: "ingress",
      "What people know the entry by, in `announcer status` and in the log."),
    ConfigurationKey(
      "announcements[].addresses", .list(.addresses),
      example: "[10.80.8.150, 10.80.8.160-10.80.8.169, 10.80.15.0/28, \"2001:db8::10\"]",
      "The addresses, ranges and prefixes; needed in each entry. At most 65,536 addresses in the whole file."
    ),
    ConfigurationKey(
      "announcements[].interfaces", .list(.pattern), without: "`interfaces` alone decides",
      example: "[\"^lan0$\"]", "Narrows `interfaces` for this entry."),
    ConfigurationKey(
      "announcements[].nodes", .list(.text), without: "every node", example: "[node-a, node-b]",
      "The nodes that may announce it."),
  ]

  private static let services = [
    ConfigurationKey(
      "kubernetes", .section, without: "no cluster",
      example: "{kubeconfig: /etc/announcer/kubeconfig}",
      "The cluster whose Services are announced, and where `backend: kubernetes` keeps its Leases."),
    ConfigurationKey(
      "kubernetes.kubeconfig", .path, without: "the credentials that a cluster gives to its pods",
      example: "/etc/announcer/kubeconfig",
      "The kubeconfig, as `announcer kubeconfig` makes it; readable for the group announcer."),
    ConfigurationKey(
      "kubernetes.context", .text, without: "the kubeconfig's `current-context`",
      example: "default", "The context in it."),
    ConfigurationKey(
      "kubernetes.services", .flag, default: "true", example: "false",
      "Whether Services are announced. With `false` the cluster serves the lease alone."),
    ConfigurationKey(
      "kubernetes.loadBalancerClasses", .list(.text), default: "[]",
      example: "[io.cilium/l2-announcer]",
      "The load balancer classes whose Services are announced, besides those without one."),
    ConfigurationKey(
      "kubernetes.addressPools", .choice(["off", "on"]), default: "off", example: "on",
      "With `on`, these Services get their addresses from the cluster's CiliumLoadBalancerIPPool objects, from one "
        + "of the nodes at a time. Nothing else in the cluster may do so then."),
    ConfigurationKey(
      "manifests", .list(.path), default: "[]", example: "[/etc/announcer/manifests.d]",
      "Files, and directories of files, with the same objects: Services, EndpointSlices, Nodes and policies. They "
        + "are read without an API server, and followed as they change."),
    ConfigurationKey(
      "defaultPolicy", .choice(["all", "none"]),
      without:
        "`all` where nobody could write a policy: no API server has the kind, and no file has one",
      example: "none",
      "What is announced of Services where there is no policy. `none` says that there will be policies: nothing is "
        + "announced before the first. `all` counts also where the kind is installed and has no objects. Once "
        + "there has been a policy, or while a file cannot be understood that may have one, nothing is announced "
        + "by default, whatever is written here."),
  ]

  private static let gratuitous = [
    ConfigurationKey(
      "gratuitous", .section, without: "the defaults below", example: "{refresh: 0s}",
      "Gratuitous ARP and unsolicited neighbour advertisements."),
    ConfigurationKey(
      "gratuitous.schedule", .list(.duration(from: "0ms", to: "1m")),
      default: "[0ms, 50ms, 200ms, 500ms, 1100ms, 2200ms, 5s]", example: "[0ms, 500ms, 2s]",
      "When they are sent after an address was taken over, in ascending order; at most 32."),
    ConfigurationKey(
      "gratuitous.refresh", .duration(from: "1s", to: "24h", orZero: true), default: "60s",
      example: "5m", "The time between repetitions after that."),
    ConfigurationKey(
      "gratuitous.spacing", .duration(from: "0ms", to: "1s"), default: "1ms", example: "2ms",
      "The least time between two frames on an interface."),
    ConfigurationKey(
      "conflicts", .choice(["defend", "report"]), default: "defend", example: "report",
      "What to do when somebody else claims an address: `defend` announces it again, at most every ten seconds; "
        + "`report` sends nothing. Both count it and show it."),
    ConfigurationKey(
      "askFirst", .flag, default: "true", example: "false",
      "Whether the LAN is asked for an address before this node announces it for the first time, which takes 200 ms. "
        + "While a station answers, the address is not announced. What another node has announced, and this one "
        + "takes over, is not asked for. Write `false` where a router answers for every address (proxy ARP)."
    ),
  ]

  private static let daemon = [
    ConfigurationKey(
      "selfCheck", .section, without: "the defaults below", example: "{interval: 5m}",
      "The daemon asks for its own addresses, from another interface of this node where there is one, and "
        + "compares what it holds with what answers."),
    ConfigurationKey(
      "selfCheck.interval", .duration(from: "1s", to: "24h", orZero: true), default: "1m",
      example: "5m", "The time between two rounds; there is one after each takeover as well."),
    ConfigurationKey(
      "selfCheck.interfaces", .list(.pattern), without: "every other interface that could announce",
      example: "[\"^mgmt0$\"]", "The interfaces to ask from."),
    ConfigurationKey(
      "control", .section, without: "the defaults below",
      example: "{socket: /run/announcer/control.sock}",
      "Where `announcer status` and its like find the daemon."),
    ConfigurationKey(
      "control.socket", .path, default: "/run/announcer/control.sock",
      example: "/run/other/control.sock", "The path of its socket, at most 107 octets."),
    ConfigurationKey(
      "metrics", .section, without: "nobody listens", example: "{listen: \"127.0.0.1:9717\"}",
      "Figures for Prometheus, and the probes `/healthz` and `/readyz`."),
    ConfigurationKey(
      "metrics.listen", .text, example: "\"127.0.0.1:9717\"",
      "An address of this node and a port; needed in the section. `0.0.0.0` stands for every address."
    ),
    ConfigurationKey(
      "log", .section, without: "the defaults below", example: "{level: debug}",
      "What the daemon logs on its standard error."),
    ConfigurationKey(
      "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
      default: "info", example: "debug", "The least that is logged."),
    ConfigurationKey(
      "log.format", .choice(["text", "json"]), default: "text", example: "json",
      "How: for people, or a JSON document a line."),
  ]
}
