import Configuration

/// The whole of a file that the tests begin from; every key that this version has.
let completeText = """
  node: node-a
  interfaces: [vmnet0, lan0, "^enp.*"]

  announcements:
    - name: ingress
      addresses: [10.80.8.150, 10.80.8.160-10.80.8.169, 10.80.15.0/28, "2001:db8::10"]
      interfaces: ["^lan0$"]
      nodes: [node-a, node-b]
    - addresses:
        - 10.80.8.150

  lease:
    backend: local
    duration: 5s
    rebalance: gradual
    whenStoreIsLost: silent
    local: { directory: /run/announcer/claims }
    etcd: { endpoints: ["https://10.80.0.11:2379"], prefix: /announcer, ca: /etc/ca.pem,
            certificate: /etc/me.pem, key: /etc/me.key, username: me, passwordFile: /etc/me.pw }

  gratuitous: { schedule: [0ms, 500ms, 2s], refresh: 2m, spacing: 0ms }
  conflicts: report
  control: { socket: /run/other/control.sock }
  log: { level: debug, format: json }

  """

func parse(_ text: String) throws(ConfigurationFailure) -> Configuration {
  try Configuration.parse(text, file: "announcer.yaml", hostName: "host-1")
}

/// What the program prints for a text, line by line; empty where the text is good.
func faults(_ text: String) -> [String] {
  do throws(ConfigurationFailure) {
    _ = try parse(text)
    return []
  } catch {
    return error.description.split(separator: "\n").map(String.init)
  }
}

/// The single fault of a text.
func theFault(_ text: String) -> String {
  let faults = faults(text)
  return faults.count == 1 ? faults[0] : "\(faults.count) faults: \(faults)"
}
