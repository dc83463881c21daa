/// What libFuzzer calls for each input; every target defines `fuzz(_:)`.
@_cdecl("LLVMFuzzerTestOneInput")
public func runFuzzer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe UnsafeBufferPointer(start: start, count: count)
  fuzz(unsafe input.span)
  return 0
}

/// The octets of an input from `start` on, where code under test wants an array.
func octets(_ input: Span<UInt8>, from start: Int = 0) -> [UInt8] {
  var result: [UInt8] = []
  for index in input.indices.dropFirst(start) { result.append(input[index]) }
  return result
}
