internal import COnnxRuntime

/// ONNX Runtime, loaded from a library that the user has (onnxruntime.ai).
///
/// The library is used from many threads at once by design: its environment and memory description
/// never change after loading.
public final class OnnxRuntime: @unchecked Sendable {
  /// The file it was loaded from.
  public let path: String
  /// Its version, such as `1.20.1`.
  public let version: String
  private let library: OpaquePointer

  /// Loads the library.
  ///
  /// - Parameter path: a file, or a name for the system's loader to find.
  /// - Throws: ``EncoderError`` if it is not ONNX Runtime 1.8 or newer.
  public init(path: String) throws(EncoderError) {
    var message = [CChar](repeating: 0, count: Int(ORTX_MESSAGE))
    guard let library = ortx_open(path, &message) else {
      throw EncoderError("\(path) cannot be used as ONNX Runtime: \(text(message)).")
    }
    self.path = path
    self.library = library
    version = String(cString: ortx_version(library))
  }

  deinit {
    ortx_close(library)
  }

  /// What the library is called.
  public static let names = ["libonnxruntime.so", "libonnxruntime.so.1"]

  /// Loads a model.
  ///
  /// - Throws: ``EncoderError`` that names the file.
  func model(_ path: String) throws(EncoderError) -> OnnxModel {
    var message = [CChar](repeating: 0, count: Int(ORTX_MESSAGE))
    guard let session = ortx_load(library, path, &message) else {
      throw EncoderError("\(path) is no model that ONNX Runtime can load: \(text(message))")
    }
    return try OnnxModel(session, path: path, runtime: self)
  }
}

/// A model loaded by ONNX Runtime.
///
/// `Run` may be called from several threads at once, says the library's documentation; everything
/// else is read once, when the model is loaded.
final class OnnxModel: @unchecked Sendable {
  /// What goes in or comes out under a name.
  struct Port: Equatable, Sendable {
    var name: String
    /// As in the format's `TensorProto.DataType`; 0 for something that is not a tensor.
    var type: Int32
    /// −1 where any size will do.
    var extents: [Int64]
  }

  /// A tensor that goes in.
  struct Input {
    var name: String
    var extents: [Int64]
    var values: Values

    enum Values {
      case floats([Float])
      case longs([Int64])
    }
  }

  let path: String
  private(set) var inputs: [Port] = []
  private(set) var outputs: [Port] = []
  private let session: OpaquePointer
  // Kept alive as long as its models.
  private let runtime: OnnxRuntime

  fileprivate init(
    _ session: OpaquePointer, path: String, runtime: OnnxRuntime
  ) throws(EncoderError) {
    self.session = session
    self.path = path
    self.runtime = runtime
    inputs = try ports(areOutputs: false)
    outputs = try ports(areOutputs: true)
  }

  deinit {
    ortx_unload(session)
  }

  private func ports(areOutputs: Bool) throws(EncoderError) -> [Port] {
    var ports: [Port] = []
    for place in 0..<ortx_count(session, areOutputs) {
      var port = ortx_port()
      var message = [CChar](repeating: 0, count: Int(ORTX_MESSAGE))
      guard ortx_describe(session, areOutputs, place, &port, &message) else {
        throw EncoderError("\(path) does not say what it takes and gives: \(text(message))")
      }
      let rank = min(port.rank, Int(ORTX_RANK))
      let extents = withUnsafeBytes(of: port.extents) {
        Array($0.bindMemory(to: Int64.self).prefix(rank))
      }
      let name = withUnsafeBytes(of: port.name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      ports.append(Port(name: name, type: port.type, extents: extents))
    }
    return ports
  }

  /// Computes one output.
  ///
  /// - Parameter count: how many numbers it must have.
  /// - Throws: ``EncoderError`` that names the file, also if the output has another size.
  func run(_ inputs: [Input], output: String, count: Int) throws(EncoderError) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    var found = 0
    var message = [CChar](repeating: 0, count: Int(ORTX_MESSAGE))
    let isDone = withInputs(inputs[...], []) { described in
      output.withCString {
        ortx_run(
          session, described, described.count, $0, &values, count, &found, &message)
      }
    }
    guard isDone else {
      throw EncoderError("\(path) cannot compute its output \(output): \(text(message))")
    }
    guard found == count else {
      throw EncoderError(
        "The output \(output) of \(path) has \(found) numbers instead of \(count): it is another "
          + "model than CLAP.")
    }
    return values
  }

  /// Calls a function with inputs as C wants them; every pointer lives until it returns.
  private func withInputs(
    _ inputs: ArraySlice<Input>, _ described: [ortx_input], _ body: ([ortx_input]) -> Bool
  ) -> Bool {
    guard let input = inputs.first else { return body(described) }
    func pass(_ type: Int, _ values: UnsafeRawBufferPointer) -> Bool {
      input.name.withCString { name in
        input.extents.withUnsafeBufferPointer { extents in
          let one = ortx_input(
            name: name, type: Int32(type), data: values.baseAddress, bytes: values.count,
            extents: extents.baseAddress, rank: extents.count)
          return withInputs(inputs.dropFirst(), described + [one], body)
        }
      }
    }
    switch input.values {
    case .floats(let values): return values.withUnsafeBytes { pass(ORTX_FLOAT, $0) }
    case .longs(let values): return values.withUnsafeBytes { pass(ORTX_INT64, $0) }
    }
  }
}

private func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
