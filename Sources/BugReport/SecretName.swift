/// Which keys promise a secret, whoever invented them: `password`, `client-key-data`, `API_TOKEN`.
enum SecretName {
  private static let parts = [
    "password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "apikey",
    "privatekey", "keydata", "authorization", "cookie", "bearer",
  ]
  private static let whole: Set = ["key", "pass", "pwd", "auth", "psk", "clientkey"]

  static func promises(_ key: String) -> Bool {
    let name = key.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
    return whole.contains(name) || parts.contains { name.contains($0) }
  }

  /// Whether such a key may name a file instead: `passwordFile`, `key`, `client-key`.
  static func mayNameFile(_ key: String) -> Bool {
    let name = key.lowercased().filter { $0 != "-" && $0 != "_" }
    return name.hasSuffix("file") || name.hasSuffix("path") || name == "key" || name == "clientkey"
  }
}
