internal import FoundationEssentials

/// What stands in a daemon's configuration file, besides its name and its socket.
enum DaemonConfiguration {
  static func text(
    _ layout: Layout, _ store: StoreCluster, _ apiServers: APIServers?, _ workplace: Workplace,
    node index: Int
  ) throws -> String {
    func list(_ items: [String]) -> String {
      "[" + items.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
    let announcements = """
      interfaces: ["^lan0$"]
      announcements:
        - name: faults
          addresses: \(list(layout.addresses.map { "\($0)" }))
      lease:
        backend: \(layout.backend)
        duration: \(layout.timing.text)
        whenStoreIsLost: \(layout.holds ? "hold" : "silent")
      """
    if let apiServers {
      let server = apiServers.members[apiServers.index(ofNode: index)].name
      return """
        kubernetes: {kubeconfig: "\(apiServers.files.kubeconfig(server))", services: false}
        \(announcements)
          kubernetes: {namespace: \(LeaseReading.namespace)}

        """
    }
    var etcd = "endpoints: \(list(store.urls)), prefix: \(StoreReading.prefix)"
    if layout.authTokenSeconds != nil {
      let file = workplace.file("password")
      try StoreCluster.user.password.write(toFile: file, atomically: true, encoding: .utf8)
      etcd += ", username: \(StoreCluster.user.name), passwordFile: \"\(file)\""
    }
    return """
      \(announcements)
        etcd: {\(etcd)}

      """
  }
}
