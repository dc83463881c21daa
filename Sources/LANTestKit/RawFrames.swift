extension Host {
  /// Sends frames as they are, from the destination address on, out of a link of this host.
  package func send(_ frames: [[UInt8]], link: String? = nil) async throws {
    let link = link ?? self.link
    try await inNamespace {
      let sender = try FrameSender(link: link)
      for frame in frames { try sender.send(frame) }
    }
  }

  /// Sends one frame as it is.
  package func send(_ frame: [UInt8], link: String? = nil) async throws {
    try await send([frame], link: link)
  }
}
