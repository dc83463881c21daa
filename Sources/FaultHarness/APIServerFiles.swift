internal import FoundationEssentials
internal import LANTestKit

/// The files that API servers start with: an authority, their certificate and keys, and who may ask.
struct APIServerFiles: Sendable {
  let directory: String

  var authority: String { "\(directory)/ca.pem" }
  var certificate: String { "\(directory)/server.pem" }
  var key: String { "\(directory)/server-key.pem" }
  /// Signs service accounts' tokens, of which nobody here has one.
  var accountKey: String { "\(directory)/account-key.pem" }
  var tokens: String { "\(directory)/tokens.csv" }
  var auditPolicy: String { "\(directory)/audit.yaml" }
  /// Of the nodes' requests, a line each.
  func auditLog(_ server: String) -> String { "\(directory)/\(server).audit" }
  func kubeconfig(_ server: String) -> String { "\(directory)/\(server).kubeconfig" }

  /// What the nodes show, and what whoever breaks something shows.
  static let nodeToken = "nodes-not-a-secret"
  static let operatorToken = "operator-not-a-secret"

  /// Makes the files; the certificate is for `addresses` alone.
  init(in workplace: Workplace, addresses: [String]) async throws {
    directory = workplace.file("api")
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let script = """
      set -e
      cd "$0"
      ec="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
      openssl req -x509 $ec -keyout ca-key.pem -out ca.pem -days 30 -subj '/CN=authority'
      openssl req $ec -keyout server-key.pem -out server.csr -subj '/CN=kube-apiserver'
      openssl ecparam -name prime256v1 -genkey -noout -out account-key.pem
      printf 'subjectAltName=%s\\n' "$1" > server.ext
      openssl x509 -req -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -in server.csr \
        -extfile server.ext -out server.pem
      """
    let names = addresses.map { "IP:\($0)" }.joined(separator: ",")
    let result = try await runCommand(["sh", "-c", script, directory, names])
    guard result.succeeded else { throw HarnessError("openssl: \(result.standardError)") }
    try write(
      tokens,
      """
      \(Self.nodeToken),nodes,1
      \(Self.operatorToken),operator,2,system:masters

      """)
    try write(
      auditPolicy,
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      rules:
        - {level: Metadata, users: [nodes]}
        - {level: None}

      """)
  }

  /// Writes a node's kubeconfig for one server.
  func writeKubeconfig(for server: String, url: String) throws {
    try write(
      kubeconfig(server),
      """
      apiVersion: v1
      kind: Config
      current-context: faults
      clusters:
        - {name: faults, cluster: {server: "\(url)", certificate-authority: "\(authority)"}}
      users:
        - {name: nodes, user: {token: "\(Self.nodeToken)"}}
      contexts:
        - {name: faults, context: {cluster: faults, user: nodes}}

      """)
  }

  private func write(_ file: String, _ text: String) throws {
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }
}
