/// What a parameter of a network is called, how large it is and how training starts it.
///
/// Networks list these; whoever reads weights from a file checks them against the list.
public struct ParameterShape: Sendable {
  /// Its name.
  public var name: String
  /// Its rows; 1 for a bias or a scale.
  public var rows: Int
  /// Its columns.
  public var columns: Int
  /// Its first values.
  public var start: Start

  /// First values.
  public enum Start: Sendable {
    /// The same number everywhere.
    case constant(Double)
    /// Drawn from a normal distribution around 0 with this standard deviation.
    case normal(Double)
    /// Rising evenly from the first column to the last.
    case ramp(Double, Double)
  }

  /// Creates a description.
  public init(_ name: String, rows: Int = 1, columns: Int, _ start: Start = .constant(0)) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.start = start
  }

  /// A weight and a bias of a linear map, the weight scaled so that variance is kept.
  public static func linear(
    _ name: String, out: Int, in input: Int, bias: Double = 0
  ) -> [ParameterShape] {
    [
      ParameterShape(
        "\(name).weight", rows: out, columns: input,
        .normal(1 / Double(max(1, input)).squareRoot())),
      ParameterShape("\(name).bias", columns: out, .constant(bias)),
    ]
  }
}

extension Weights {
  /// First values for parameters.
  public init(startingFrom shapes: [ParameterShape], _ random: inout RandomSource) {
    self.init()
    for shape in shapes {
      switch shape.start {
      case .constant(let value):
        self[shape.name] = Matrix(
          rows: shape.rows, columns: shape.columns, repeating: Scalar(value))
      case .normal(let deviation):
        self[shape.name] = Matrix(
          rows: shape.rows, columns: shape.columns, deviation: deviation, using: &random)
      case .ramp(let first, let last):
        let step = (last - first) / Double(max(1, shape.columns - 1))
        let row = (0..<shape.columns).map { Scalar(first + step * Double($0)) }
        self[shape.name] = Matrix(
          rows: shape.rows, columns: shape.columns,
          elements: (0..<shape.rows).flatMap { _ in row })
      }
    }
  }

  /// The first parameter that is missing or has another shape; `nil` if all are as described.
  public func firstMismatch(with shapes: [ParameterShape]) -> String? {
    shapes.first { self[$0.name]?.rows != $0.rows || self[$0.name]?.columns != $0.columns }?.name
  }
}
