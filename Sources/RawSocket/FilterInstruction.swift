/// One instruction of the kernel's classic packet filter (`linux/filter.h`, `bpf(4)`).
package struct FilterInstruction: Hashable, Sendable {
  package var code: UInt16
  /// How many instructions to skip when a comparison holds, and when it does not: 0–255.
  package var ifTrue: UInt8
  package var ifFalse: UInt8
  /// The operand: an offset, a number, a distance.
  package var k: UInt32

  package init(code: UInt16, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0, k: UInt32) {
    self.code = code
    self.ifTrue = ifTrue
    self.ifFalse = ifFalse
    self.k = k
  }

  /// A = the 32 bits at octet `offset`; off the end of the frame, the filter rejects.
  static func loadWord(_ offset: UInt32) -> Self { Self(code: 0x20, k: offset) }
  /// A = the octet at `offset`.
  static func loadOctet(_ offset: UInt32) -> Self { Self(code: 0x30, k: offset) }
  /// A = the frame's length.
  static let loadLength = Self(code: 0x80, k: 0)
  static func loadConstant(_ value: UInt32) -> Self { Self(code: 0x00, k: value) }
  static func store(_ cell: UInt32) -> Self { Self(code: 0x02, k: cell) }
  static func recall(_ cell: UInt32) -> Self { Self(code: 0x60, k: cell) }
  static let copyToX = Self(code: 0x07, k: 0)
  static func multiply(_ value: UInt32) -> Self { Self(code: 0x24, k: value) }
  static func and(_ value: UInt32) -> Self { Self(code: 0x54, k: value) }
  static func shiftRight(_ bits: UInt32) -> Self { Self(code: 0x74, k: bits) }
  static let shiftLeftByX = Self(code: 0x6c, k: 0)
  static func jump(_ distance: Int) -> Self { Self(code: 0x05, k: UInt32(distance)) }
  static func ifEqual(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> Self {
    Self(code: 0x15, ifTrue: ifTrue, ifFalse: ifFalse, k: value)
  }
  /// A ≥ value, unsigned.
  static func ifAtLeast(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> Self {
    Self(code: 0x35, ifTrue: ifTrue, ifFalse: ifFalse, k: value)
  }
  /// A and X share a bit.
  static func ifBitsOfX(_ ifTrue: UInt8, else ifFalse: UInt8) -> Self {
    Self(code: 0x4d, ifTrue: ifTrue, ifFalse: ifFalse, k: 0)
  }
  /// Ends the filter; the frame is delivered whole.
  static let accept = Self(code: 0x06, k: 0x40000)
  static let reject = Self(code: 0x06, k: 0)

  /// What the kernel knows beside the frame (SKF_AD_OFF + SKF_AD_PKTTYPE, SKF_AD_IFINDEX).
  static let loadPacketType = Self(code: 0x30, k: 0xffff_f004)
  static let loadInterfaceIndex = Self(code: 0x20, k: 0xffff_f008)
}
