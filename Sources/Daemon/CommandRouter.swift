internal import Cluster
internal import Control
internal import Wire

/// Knows every command of the control socket, and who answers it.
///
/// What asks the store, or reads a file that may hang, is answered beside the coordinator, which waits for nobody.
struct CommandRouter: Sendable {
  let mailbox: Mailbox
  let surveyor: ClusterSurveyor
  let pools: PoolsReporter
  let file: ConfigurationReporter
  let reloader: Reloader
  let version: String

  func answer(_ request: Request) async -> Response {
    switch request.command {
    case .status: await file.complete(await ask(.status))
    case .explain: await explain(request.address ?? "")
    case .drain: await file.complete(await ask(.drain(true)))
    case .undrain: await file.complete(await ask(.drain(false)))
    case .handover: await handOver(request.address ?? "", to: request.to)
    case .cluster: await surveyor.answer()
    case .pools: await pools.answer()
    case .compare: await file.answer()
    case .reload: await reloader.reload()
    default:
      refusal("this announcer (\(version)) does not know '\(request.command.rawValue)'")
    }
  }

  /// - Parameter text: an address, or `namespace/name` of a Service.
  private func explain(_ text: String) async -> Response {
    let question: Mailbox.Question
    if let name = ObjectName(path: text) {
      question = .explainService(name)
    } else if let address = IPAddress(text) {
      question = .explainAddress(address)
    } else {
      return noAddress(text)
    }
    return await file.complete(await pools.complete(await ask(question)))
  }

  private func handOver(_ text: String, to destination: String?) async -> Response {
    guard let address = IPAddress(text) else { return noAddress(text) }
    return await ask(.handOver(address, to: destination))
  }

  private func ask(_ question: Mailbox.Question) async -> Response {
    await mailbox.ask(question) ?? refusal("this announcer is shutting down")
  }

  private func noAddress(_ text: String) -> Response {
    refusal("'\(text)' is not an IPv4 or IPv6 address")
  }

  private func refusal(_ error: String) -> Response { Response(version: version, error: error) }
}

extension ObjectName {
  /// Reads `default/web`; nil for everything else, an address with a prefix length too.
  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), IPAddress(parts[0]) == nil else {
      return nil
    }
    self.init(String(parts[0]), String(parts[1]))
  }
}
