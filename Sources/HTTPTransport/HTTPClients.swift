package import AsyncHTTPClient
internal import Glibc
package import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Time

/// The HTTP clients of a server that holds leases, and the thread they share.
///
/// Renewals have one of their own, so that they never wait behind other calls. HTTP/1.1, because a
/// call that times out then takes its connection with it, and the next has a new one; an HTTP/2
/// connection that leads nowhere would hold all calls.
package final class HTTPClients: Sendable {
  /// Which connections carry a call.
  package enum Lane: Sendable { case renewals, others }

  /// A client for each lane.
  private struct Pair: Sendable {
    let renewals: HTTPClient
    let others: HTTPClient

    subscript(lane: Lane) -> HTTPClient { lane == .renewals ? renewals : others }
  }

  /// Past the resolver, to one address of a host.
  private struct Detour: Hashable {
    let name: String
    let address: String
  }

  private struct Detours {
    var pairs: [Detour: Pair] = [:]
    /// How many addresses of a name have led nowhere.
    var offsets: [String: Int] = [:]
  }

  private let configuration: HTTPClient.Configuration
  private let group: MultiThreadedEventLoopGroup
  /// These ask the resolver themselves, within the time that they have to connect.
  private let direct: Pair
  private let detours = Mutex(Detours())
  private let finder: HostFinder

  /// A resolver that takes longer does not leave enough of the time to connect.
  private static let slow = Duration.milliseconds(200)
  /// Detours are kept as long as we are, since streams may go on over them: so many at most.
  private static let mostDetours = 32

  /// - Parameters:
  ///   - finder: names hosts where the clients found none in time.
  ///   - configure: sets TLS, a proxy and what else only the caller knows.
  package init(
    finder: HostFinder = HostFinder(), _ configure: (inout HTTPClient.Configuration) -> Void
  ) {
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.idleTimeout = .seconds(30)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    configuration.http1_1ConnectionDebugInitializer = Self.watchOver
    configure(&configuration)
    self.configuration = configuration
    self.finder = finder
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    direct = Self.pair(configuration, group)
  }

  private static func pair(
    _ configuration: HTTPClient.Configuration, _ group: MultiThreadedEventLoopGroup
  ) -> Pair {
    func client(_ lane: Lane) -> HTTPClient {
      var configuration = configuration
      // Every use has a time limit of its own.
      configuration.timeout = HTTPClient.Configuration.Timeout(
        connect: .nanoseconds(lane.timeToConnect.nanoseconds))
      return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }
    return Pair(renewals: client(.renewals), others: client(.others))
  }

  deinit {
    let (pairs, group) = ([direct] + detours.withLock { Array($0.pairs.values) }, group)
    Task {
      for pair in pairs {
        try? await pair.renewals.shutdown()
        try? await pair.others.shutdown()
      }
      try? await group.shutdownGracefully()
    }
  }

  /// Makes a call. A host whose name cannot be found in time is said to be that, and one whose name takes long is
  /// connected to at the address that was found, by this call or by the next.
  ///
  /// - Parameter deadline: for the head of the answer.
  package func execute(
    _ request: HTTPClientRequest, over lane: Lane, deadline: NIODeadline = .distantFuture
  ) async throws -> HTTPClientResponse {
    guard let name = nameToFind(for: request) else {
      return try await direct[lane].execute(request, deadline: deadline)
    }
    if let detour = detour(to: name, for: request) {
      do {
        return try await detour[lane].execute(request, deadline: deadline)
      } catch  where Self.hadNoConnection(error) {
        // Another address may do, or the host has moved.
        detours.withLock { $0.offsets[name, default: 0] += 1 }
      }
    }
    do {
      return try await direct[lane].execute(request, deadline: deadline)
    } catch  where Self.isConnectTimeout(error) {
      switch await finder.find(name, within: lane.patience) {
      case .failed(let reason): throw TransportFailure(unknownHost: name, reason)
      case .late: throw TransportFailure(unknownHost: name, "no name server has answered yet")
      case .found:
        guard let detour = detour(to: name, for: request) else { throw error }
        return try await detour[lane].execute(request, deadline: deadline)
      }
    }
  }

  /// The name that has to be found for a call; nil where an address is written.
  private func nameToFind(for request: HTTPClientRequest) -> String? {
    let name: String
    if let proxy = configuration.proxy {
      name = proxy.host
    } else {
      guard let host = host(ofURL: request.url).map(String.init) else { return nil }
      name = configuration.dnsOverride[host] ?? host
    }
    return isAddress(name) ? nil : name
  }

  /// Clients that need no resolver, where it is slow and has found the host; nil otherwise.
  private func detour(to name: String, for request: HTTPClientRequest) -> Pair? {
    let addresses = finder.known(name, slowerThan: Self.slow)
    guard !addresses.isEmpty else { return nil }
    return detours.withLock { detours in
      let address = addresses[detours.offsets[name, default: 0] % addresses.count]
      let detour = Detour(name: name, address: address)
      if let known = detours.pairs[detour] { return known }
      guard detours.pairs.count < Self.mostDetours else { return nil }
      var configuration = configuration
      if configuration.proxy != nil {
        configuration.proxy?.host = address
      } else if let host = host(ofURL: request.url) {
        configuration.dnsOverride[String(host)] = address
      }
      let pair = Self.pair(configuration, group)
      detours.pairs[detour] = pair
      return pair
    }
  }

  private static func isConnectTimeout(_ error: any Error) -> Bool {
    if let error = error as? HTTPClientError { return error == .connectTimeout }
    if case .connectTimeout? = error as? ChannelError { return true }
    return false
  }

  /// Whether nothing of the call can have left.
  private static func hadNoConnection(_ error: any Error) -> Bool {
    if let error = error as? IOError {
      return [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, ETIMEDOUT].contains(
        error.errnoCode)
    }
    return isConnectTimeout(error) || error is NIOConnectionError
  }

  /// Has the kernel notice within some three seconds that nobody is there any more: a watch that was
  /// cut silently would stay silent for ever, and an idle connection would cost a call its time.
  ///
  /// Source: `tcp(7)`, TCP_KEEPIDLE and TCP_USER_TIMEOUT.
  @Sendable
  private static func watchOver(_ channel: any Channel) -> EventLoopFuture<Void> {
    @Sendable func tcp(_ name: Int32) -> ChannelOptions.Types.SocketOption {
      ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: name))
    }
    return channel.setOption(.socketOption(.so_keepalive), value: 1)
      .flatMap { channel.setOption(tcp(TCP_KEEPIDLE), value: 1) }
      .flatMap { channel.setOption(tcp(TCP_KEEPINTVL), value: 1) }
      .flatMap { channel.setOption(tcp(TCP_KEEPCNT), value: 2) }
      .flatMap { channel.setOption(tcp(TCP_USER_TIMEOUT), value: 2500) }
      // Not a socket of TCP's: nothing to watch over.
      .flatMapErrorWithEventLoop { _, loop in loop.makeSucceededVoidFuture() }
  }
}

extension HTTPClients.Lane {
  fileprivate var timeToConnect: Duration {
    self == .renewals ? .milliseconds(400) : .milliseconds(800)
  }

  /// How long an attempt to find a host may have taken before the call says that there is none yet. After the time to
  /// connect has passed: a renewal still needs the rest of its time for another endpoint.
  fileprivate var patience: Duration {
    self == .renewals ? .milliseconds(100) : .milliseconds(400)
  }
}
