/// The part of a filter that asks whether the number in A belongs to a set of addresses.
///
/// Irrelevant frames are what a busy LAN is made of; rejecting them in the kernel costs some
/// nanoseconds, letting them wake us some microseconds. A list of comparisons would cost 3 ns an
/// address; this is a binary tree over the ends of the ranges, and where even that outgrows the
/// kernel's limit, a few coarse ranges and a hashed bitmap behind them, which let some foreign
/// addresses through: the exact decision is always user space's.
package struct AddressSetFilter {
  /// Every path ends in `accept` or `reject`.
  package let program: [FilterInstruction]
  /// Whether exactly the given addresses pass.
  package let isExact: Bool

  /// BPF_MAXINSNS (`linux/bpf_common.h`).
  package static let maximumLength = 4096

  /// - Parameters:
  ///   - numbers: the addresses (IPv6: their low 32 bits), in any order, repeated or not.
  ///   - budget: the most instructions to use; the kernel takes 4096 a filter, about 1,700 where
  ///     `net.core.optmem_max` is 20480.
  package init(_ numbers: [UInt32], budget: Int) {
    let ranges = Self.ranges(of: numbers)
    let exact = Self.tree(over: Self.thresholds(of: ranges), accept: .accept)
    if exact.count <= budget {
      program = exact
      isExact = true
    } else {
      program = Self.hashed(numbers, within: Self.coarse(ranges, 32), budget: budget)
      isExact = false
    }
  }

  /// The runs of consecutive numbers.
  static func ranges(of numbers: [UInt32]) -> [ClosedRange<UInt32>] {
    var ranges: [ClosedRange<UInt32>] = []
    for number in numbers.sorted() {
      if let last = ranges.last, number <= last.upperBound || number - 1 == last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
      } else {
        ranges.append(number...number)
      }
    }
    return ranges
  }

  /// At most `count` ranges that hold all of `ranges`: only the widest gaps stay open.
  static func coarse(_ ranges: [ClosedRange<UInt32>], _ count: Int) -> [ClosedRange<UInt32>] {
    guard ranges.count > count else { return ranges }
    let gaps = ranges.indices.dropFirst()
      .sorted { left, right in
        ranges[left].lowerBound - ranges[left - 1].upperBound
          > ranges[right].lowerBound - ranges[right - 1].upperBound
      }
      .prefix(count - 1).sorted()
    var result: [ClosedRange<UInt32>] = []
    var start = 0
    for gap in gaps + [ranges.count] {
      result.append(ranges[start].lowerBound...ranges[gap - 1].upperBound)
      start = gap
    }
    return result
  }

  /// Where membership changes: a number is inside when an odd count of thresholds is ≤ it.
  private static func thresholds(of ranges: [ClosedRange<UInt32>]) -> [UInt32] {
    ranges.flatMap { range in
      range.upperBound == .max ? [range.lowerBound] : [range.lowerBound, range.upperBound + 1]
    }
  }

  /// A binary search over `thresholds`. `accept` ends each block, reached when A is inside.
  private static func tree(
    over thresholds: [UInt32], accept: FilterInstruction
  ) -> [FilterInstruction] {
    /// A block small enough for 8-bit jumps: the search, then accept, then reject.
    func block(_ part: Range<Int>) -> [FilterInstruction] {
      var code: [FilterInstruction] = []
      func outcome(_ count: Int, from place: Int) -> UInt8 {
        let target = count % 2 == 1 ? part.count : part.count + 1
        return UInt8(target - place - 1)
      }
      func search(_ part: Range<Int>) {
        let middle = part.lowerBound + part.count / 2
        let left = part.lowerBound..<middle
        let right = middle + 1..<part.upperBound
        let place = code.count
        code.append(
          .ifAtLeast(
            thresholds[middle],
            right.isEmpty ? outcome(part.upperBound, from: place) : UInt8(left.count),
            else: left.isEmpty ? outcome(part.lowerBound, from: place) : 0))
        if !left.isEmpty { search(left) }
        if !right.isEmpty { search(right) }
      }
      if !part.isEmpty { search(part) }
      let isInside = part.isEmpty && part.lowerBound % 2 == 1
      return code + (part.isEmpty ? [isInside ? accept : .reject] : [accept, .reject])
    }
    func split(_ part: Range<Int>) -> [FilterInstruction] {
      guard part.count > 120 else { return block(part) }
      let middle = part.lowerBound + part.count / 2
      return branch(
        thresholds[middle], below: split(part.lowerBound..<middle),
        atLeast: split(middle + 1..<part.upperBound))
    }
    return split(thresholds.indices)
  }

  /// `below` follows at once, `atLeast` behind it; a plain jump helps where 8 bits do not reach.
  private static func branch(
    _ pivot: UInt32, below: [FilterInstruction], atLeast: [FilterInstruction]
  ) -> [FilterInstruction] {
    let jump: [FilterInstruction] =
      below.count <= 255
      ? [.ifAtLeast(pivot, UInt8(below.count), else: 0)]
      : [.ifAtLeast(pivot, 0, else: 1), .jump(below.count)]
    return jump + below + atLeast
  }

  /// Coarse ranges first, which keep out what is far from all our addresses, then one bit of a
  /// bitmap chosen by a multiplicative hash (Knuth, TAOCP 3, §6.4).
  private static func hashed(
    _ numbers: [UInt32], within ranges: [ClosedRange<UInt32>], budget: Int
  ) -> [FilterInstruction] {
    // Each word of the bitmap costs three instructions and a little.
    var wordBits: UInt32 = 10
    while wordBits > 4 && (1 << wordBits) * 13 / 4 + 150 > budget { wordBits -= 1 }
    let shift = 32 - (wordBits + 5)
    let multiplier: UInt32 = 2_654_435_761
    var bitmap = [UInt32](repeating: 0, count: 1 << Int(wordBits))
    for number in numbers {
      let hash = (number &* multiplier) >> shift
      bitmap[Int(hash >> 5)] |= 1 << (hash & 31)
    }
    let lookUp: [FilterInstruction] =
      [
        .recall(0), .multiply(multiplier), .shiftRight(shift), .store(1),
        .and(31), .copyToX, .loadConstant(1), .shiftLeftByX, .copyToX, .recall(1), .shiftRight(5),
      ] + words(bitmap, 0..<bitmap.count)
    // The coarse tree jumps to the look-up, whose place is known only when the tree is whole.
    let marker = FilterInstruction.jump(0)
    var gate = tree(over: thresholds(of: ranges), accept: marker)
    for place in gate.indices where gate[place] == marker {
      gate[place] = .jump(gate.count - place - 1)
    }
    return [.store(0)] + gate + lookUp
  }

  /// A binary search for word A of the bitmap, then its bit X. Words come in blocks that share
  /// their two ends, so that a word costs three instructions.
  private static func words(_ bitmap: [UInt32], _ part: Range<Int>) -> [FilterInstruction] {
    let middle = part.lowerBound + part.count / 2
    if part.count > 16 {
      return branch(
        UInt32(middle), below: words(bitmap, part.lowerBound..<middle),
        atLeast: words(bitmap, middle..<part.upperBound))
    }
    let end = part.count * 3 - 1
    var code: [FilterInstruction] = []
    func search(_ part: Range<Int>) {
      if part.count == 1 {
        code.append(.loadConstant(bitmap[part.lowerBound]))
        let distance = end - code.count - 1
        code.append(.ifBitsOfX(UInt8(distance), else: UInt8(distance + 1)))
      } else {
        let middle = part.lowerBound + part.count / 2
        let below = (middle - part.lowerBound) * 3 - 1
        code.append(.ifAtLeast(UInt32(middle), UInt8(below), else: 0))
        search(part.lowerBound..<middle)
        search(middle..<part.upperBound)
      }
    }
    search(part)
    return code + [.accept, .reject]
  }
}
