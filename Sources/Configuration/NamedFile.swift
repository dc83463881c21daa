/// A file or directory that the configuration names, with the key that names it.
package struct NamedFile: Hashable, Sendable {
  /// `lease.etcd.key`.
  package let key: String
  /// Absolute.
  package let path: String

  package init(key: String, path: String) {
    self.key = key
    self.path = path
  }
}

extension Configuration {
  /// What the daemon reads besides the file itself, in the order of the reference.
  package var namedFiles: [NamedFile] {
    var files = manifests.map { NamedFile(key: "manifests", path: $0) }
    if let kubeconfig = kubernetes?.kubeconfig {
      files.append(NamedFile(key: "kubernetes.kubeconfig", path: kubeconfig))
    }
    return files + (lease.backend == .etcd ? lease.etcd.namedFiles : [])
  }

  /// Where the daemon makes files, as paths whose directories it needs.
  package var namedPlaces: [NamedFile] {
    let claims = NamedFile(key: "lease.local.directory", path: lease.localDirectory)
    return [NamedFile(key: "control.socket", path: control.socket)]
      + (lease.backend == .local ? [claims] : [])
  }
}

extension EtcdSettings {
  package var namedFiles: [NamedFile] {
    let files = [
      ("ca", ca), ("certificate", certificate?.certificate), ("key", certificate?.key),
      ("passwordFile", user?.passwordFile),
    ]
    return files.compactMap { key, path in
      path.map { NamedFile(key: "lease.etcd.\(key)", path: $0) }
    }
  }
}
