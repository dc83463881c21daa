internal import FoundationEssentials
internal import LANTestKit
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A Kubernetes API server in the tests' own process, which speaks as a real one does for the kinds that are
/// used here, and can be told to go wrong.
///
/// Ends with its last reference: nothing needs to be stopped. `KubernetesTestKitTests` hold its answers against
/// those of a real server.
package final class APIServer: Sendable {
  package struct Options: Sendable {
    /// With certificates of an authority of its own, for 127.0.0.1 and localhost; clients may show one too.
    package var isEncrypted = false
    package var kinds: [APIKind] = [
      .namespace, .service, .node, .event, .newEvent, .lease, .endpointSlice(), .policy(), .pool(),
    ]
    /// Where it listens; nil for a free port of loopback. One that was stopped does not listen there again.
    package var socket: BoundSocket?
    /// A real one's is a minute.
    package var bookmarkInterval = Duration.seconds(60)

    package init() {}
  }

  /// `http://127.0.0.1:4711`.
  package let url: String
  package let port: UInt16
  /// The certificates; nil without TLS.
  package let certificates: ServerCertificates?
  package var faults: Faults { Faults(core: core) }

  let core: ServerCore
  private let context: NIOSSLContext?
  private let listener = Mutex<(any Channel)?>(nil)
  private let currentToken = Mutex("")

  /// Starts one on a free port of loopback.
  package static func start(_ options: Options = Options()) async throws -> APIServer {
    let certificates = options.isEncrypted ? try await ServerCertificates() : nil
    let core = ServerCore(kinds: options.kinds, bookmarkInterval: options.bookmarkInterval)
    let context = try certificates.map { try $0.context() }
    let channel = try await listen(0, core, context, on: options.socket)
    return APIServer(core, channel, certificates, context, options.socket?.host ?? "127.0.0.1")
  }

  private init(
    _ core: ServerCore, _ channel: any Channel, _ certificates: ServerCertificates?,
    _ context: NIOSSLContext?, _ host: String
  ) {
    self.core = core
    self.certificates = certificates
    self.context = context
    port = UInt16(channel.localAddress?.port ?? 0)
    url = "\(certificates == nil ? "http" : "https")://\(host):\(port)"
    listener.withLock { $0 = channel }
    rotateToken()
  }

  deinit {
    listener.withLock { $0 }?.close(promise: nil)
    faults.cutConnections()
  }

  // MARK: Who is let in

  /// The bearer token that is good now.
  package var token: String { currentToken.withLock { $0 } }

  /// Makes another token; the former ones are refused with 401 from now on.
  @discardableResult
  package func rotateToken() -> String {
    let new = "token-\(UInt64.random(in: 0 ... .max))"
    validTokens = [new]
    currentToken.withLock { $0 = new }
    return new
  }

  /// The bearer tokens that are let in.
  package var validTokens: Set<String> {
    get {
      core.state.withLock {
        Set($0.authorizations.filter { $0.hasPrefix("Bearer ") }.map { String($0.dropFirst(7)) })
      }
    }
    set {
      core.state.withLock { state in
        state.authorizations = state.authorizations.filter { !$0.hasPrefix("Bearer ") }
        state.authorizations.formUnion(newValue.map { "Bearer \($0)" })
      }
    }
  }

  /// Lets a name and a password in.
  package func accept(username: String, password: String) {
    let text = Data("\(username):\(password)".utf8).base64EncodedString()
    core.state.withLock { _ = $0.authorizations.insert("Basic \(text)") }
  }

  /// Takes rights away: 403 from now on.
  ///
  /// - Parameters:
  ///   - verbs: nil for all.
  ///   - resource: `leases`, `services/status`; nil for all.
  package func deny(_ verbs: Set<APIVerb>? = nil, on resource: String? = nil) {
    core.state.withLock { $0.denials.append(.init(verbs: verbs, resource: resource)) }
  }

  /// Gives all rights back.
  package func allowAll() { core.state.withLock { $0.denials = [] } }

  // MARK: What came

  /// Every request since the start, or since they were last forgotten.
  package var requests: [APIRequest] { core.state.withLock { $0.requests } }

  /// How many requests came with a verb, and on a resource (`leases`, `services/status`); nil for all.
  package func requestCount(_ verb: APIVerb? = nil, on resource: String? = nil) -> Int {
    requests.count { request in
      (verb.map { $0 == request.verb } ?? true)
        && (resource.map { $0 == request.resource } ?? true)
    }
  }

  package func forgetRequests() { core.state.withLock { $0.requests = [] } }

  /// How many watches are open, on one resource (`leases`) or on all.
  package func watchCount(of resource: String? = nil) -> Int {
    core.state.withLock { state in
      state.watchers.values.count { watcher in
        resource.map { $0 == watcher.route.kind.plural } ?? true
      }
    }
  }

  package var connectionCount: Int { core.state.withLock { $0.connections.count } }

  // MARK: Listening

  /// Connections are refused from now on; those there are stay.
  package func stopListening() async throws {
    let channel = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    try await channel?.close()
  }

  /// Listens again, on the same port.
  package func startListening() async throws {
    let channel = try await Self.listen(Int(port), core, context)
    listener.withLock { $0 = channel }
  }

  /// As if it had died: nobody listens, and all connections are cut. What it knows stays, as in an etcd.
  package func kill() async throws {
    try await stopListening()
    faults.cutConnections()
  }

  private static func listen(
    _ port: Int, _ core: ServerCore, _ context: NIOSSLContext?, on socket: BoundSocket? = nil
  ) async throws -> any Channel {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(ConnectionHandler(core))
        }
      }
    guard let socket else { return try await bootstrap.bind(host: "127.0.0.1", port: port).get() }
    return try await bootstrap.withBoundSocket(socket.descriptor).get()
  }
}
