/// The labels that a kubelet gives its node and that are known without one (Kubernetes documentation,
/// "Well-Known Labels, Annotations and Taints").
package enum WellKnownLabels {
  package static let hostname = "kubernetes.io/hostname"
  package static let system = "kubernetes.io/os"
  package static let architecture = "kubernetes.io/arch"

  /// What this program was built for, under the name that Go has for it, as the label does.
  package static var ownArchitecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #elseif arch(arm)
      "arm"
    #elseif arch(i386)
      "386"
    #elseif arch(powerpc64le)
      "ppc64le"
    #elseif arch(s390x)
      "s390x"
    #elseif arch(riscv64)
      "riscv64"
    #else
      "unknown"
    #endif
  }

  /// Those of the node that the program runs on.
  package static func ofThisNode(_ name: String) -> Labels {
    Labels([hostname: name, system: "linux", architecture: ownArchitecture])
  }

  /// Those of another node that runs this program: it may be built for another architecture.
  static func ofAnotherNode(_ name: String) -> Labels {
    Labels([hostname: name, system: "linux"])
  }

  static let keys: Set<String> = [hostname, system, architecture]
}
