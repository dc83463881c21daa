import Testing

@testable import Kubernetes

struct InClusterPlacesTests {
  private func places(_ folder: Folder, host: String? = "10.96.0.1", port: String? = "6443")
    -> InClusterPlaces
  {
    InClusterPlaces(serviceHost: host, servicePort: port, directory: folder.path)
  }

  @Test func aPodsServiceAccount() async throws {
    try await Folder.run { folder in
      try folder.write("token", "secret")
      try folder.write("ca.crt", "certificate")
      try folder.write("namespace", "kube-system\n")
      let access = try ClusterAccess.find(kubeconfig: nil, inCluster: places(folder))
      #expect(access.server.text == "https://10.96.0.1:6443")
      #expect(access.authority == .certificates(.file("\(folder.path)/ca.crt")))
      #expect(access.user.authorization == .tokenFile("\(folder.path)/token"))
      #expect(access.namespace == "kube-system")
    }
  }

  @Test func anIPv6Address() async throws {
    try await Folder.run { folder in
      try folder.write("token", "secret")
      try folder.write("ca.crt", "certificate")
      for host in ["fd00::1", "[fd00::1]"] {
        let access = try ClusterAccess.inCluster(places(folder, host: host, port: nil))
        #expect(access.server.text == "https://[fd00::1]:443")
        #expect(access.namespace == nil)
      }
    }
  }

  @Test func whatIsMissingIsNamed() async throws {
    try await Folder.run { folder in
      let fault = #expect(throws: AccessFault.self) {
        try ClusterAccess.inCluster(places(folder))
      }
      #expect(fault?.description.contains("\(folder.path)/token") == true)
      #expect(fault?.description.contains("no such file") == true)
      let port = #expect(throws: AccessFault.self) {
        try ClusterAccess.inCluster(places(folder, port: "x"))
      }
      #expect(port?.description.contains("KUBERNETES_SERVICE_PORT is `x`") == true)
    }
  }

  @Test func elsewhereBothWaysAreNamed() {
    let fault = #expect(throws: AccessFault.self) {
      try ClusterAccess.find(kubeconfig: nil, inCluster: InClusterPlaces(serviceHost: nil))
    }
    #expect(fault?.description.contains("kubernetes.kubeconfig") == true)
    #expect(fault?.description.contains("KUBERNETES_SERVICE_HOST") == true)
  }

  @Test func aKubeconfigGoesFirst() async throws {
    try await Folder.run { folder in
      let fault = #expect(throws: AccessFault.self) {
        try ClusterAccess.find(kubeconfig: "\(folder.path)/none", inCluster: places(folder))
      }
      #expect(fault?.description.contains("\(folder.path)/none") == true)
    }
  }
}
