extension ConfigurationReference {
  /// The keys of `lease`.
  static let lease = [
    ConfigurationKey(
      "lease", .section, without: "the defaults below", example: "{backend: local}",
      "How the nodes agree on who announces an address."),
    ConfigurationKey(
      "lease.backend", .choice(["local", "etcd", "kubernetes"]), default: "local", example: "etcd",
      "`local` knows this machine only; several machines share a lease on `etcd` or `kubernetes`."),
    ConfigurationKey(
      "lease.duration", .duration(from: "1s", to: "600s"),
      without: "`5s` with etcd, `6s` with Kubernetes; `local` needs none", example: "5s",
      "How long the others wait for a node that died; whole seconds."),
    ConfigurationKey(
      "lease.rebalance", .choice(["never", "gradual"]), default: "never", example: "gradual",
      "`gradual` gives a node that returns its share of the addresses back, a few at a time; with `never` they "
        + "stay where they are."),
    ConfigurationKey(
      "lease.whenStoreIsLost", .choice(["silent", "hold"]), default: "silent", example: "silent",
      "`silent`: a node that cannot renew its lease falls silent before the lease can end. `hold`: it goes on "
        + "announcing while it hears nobody else do so, which keeps addresses alive through an outage of the "
        + "store, and lets both halves of a network answer that is cut together with it."),
    ConfigurationKey(
      "lease.local", .section, without: "the defaults below",
      example: "{directory: /run/announcer/claims}", "The settings of `local`."),
    ConfigurationKey(
      "lease.local.directory", .path, default: "/run/announcer/claims", example: "/run/lock/claims",
      "Where the claims are: one directory for all announcers of this machine."),
    ConfigurationKey(
      "lease.etcd", .section, without: "the defaults below", example: "{prefix: /lan}",
      "The settings of `etcd`, 3.4 or later, over its JSON gateway."),
    ConfigurationKey(
      "lease.etcd.endpoints", .list(.url), default: "[\"http://127.0.0.1:2379\"]",
      example: "[\"https://10.80.0.11:2379\", \"https://10.80.0.12:2379\"]",
      "Where etcd is, tried in this order: all of them `https://` or all `http://`."),
    ConfigurationKey(
      "lease.etcd.prefix", .path, default: "/announcer", example: "/lan",
      "What the names of all keys begin with."),
    ConfigurationKey(
      "lease.etcd.ca", .path, without: "the system's authorities",
      example: "/etc/announcer/etcd-ca.pem",
      "The authorities that the servers' certificates are checked against, a PEM file."),
    ConfigurationKey(
      "lease.etcd.certificate", .path, without: "none is shown",
      example: "/etc/announcer/etcd-client.pem",
      "The certificate that is shown to the servers, a PEM file; together with `key`."),
    ConfigurationKey(
      "lease.etcd.key", .path, without: "none", example: "/etc/announcer/etcd-client.key",
      "The private key of the certificate, a PEM file."),
    ConfigurationKey(
      "lease.etcd.username", .text, without: "no login", example: "announcer",
      "Whom to log in as; together with `passwordFile`."),
    ConfigurationKey(
      "lease.etcd.passwordFile", .path, without: "none", example: "/etc/announcer/etcd-password",
      "The file with the password of that user."),
    ConfigurationKey(
      "lease.kubernetes", .section, without: "the defaults below",
      example: "{namespace: kube-system}",
      "The settings of `kubernetes`. Who the daemon is to the API server says the section `kubernetes` of the top "
        + "level."),
    ConfigurationKey(
      "lease.kubernetes.namespace", .text, default: "kube-system", example: "announcer",
      "The namespace of the Leases."),
  ]
}
