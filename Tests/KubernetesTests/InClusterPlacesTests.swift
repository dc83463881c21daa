import Kubernetes
import Testing

struct InClusterPlacesTests {
  @Test func elsewhereBothWaysAreNamed() {
    let fault = #expect(throws: AccessFault.self) {
      try ClusterAccess.find(kubeconfig: nil, inCluster: InClusterPlaces(serviceHost: nil))
    }
    #expect(fault?.description.contains("kubernetes.kubeconfig") == true)
    #expect(fault?.description.contains("KUBERNETES_SERVICE_HOST") == true)
  }
}
