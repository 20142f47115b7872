internal import CALSA
internal import Glibc

/// A sound device, or a sound server that looks like one, opened through alsa-lib.
///
/// Rate and channels are the clip's: conversion is left to ALSA's `plug` layer and to the sound
/// server behind it, which knows what the hardware does, converts once and includes its own delay
/// in what `snd_pcm_delay` reports. Resampling here as well would convert twice on most machines.
///
/// Used only by the audio thread. Safe because the handle never leaves it and is used by no method
/// after `close`.
@safe final class ALSASink: PCMSink {
  let periodFrames: Int
  private let handle: OpaquePointer
  private let channels: Int
  private let isFloat: Bool
  private var integers: [Int16] = []
  private var isOpen = true

  /// Enough for a busy machine, little enough that a stop that cannot be immediate is not heard.
  private static let bufferMicroseconds: UInt32 = 100_000
  private static let periodMicroseconds: UInt32 = 10_000

  private static let silenceErrors: Void = calsa_silence_errors()

  private init(_ handle: OpaquePointer, channels: Int, isFloat: Bool, periodFrames: Int) {
    unsafe self.handle = unsafe handle
    self.channels = channels
    self.isFloat = isFloat
    self.periodFrames = periodFrames
  }

  deinit { close() }

  /// Opens a device; if it does not take the format, as bare hardware may not, opens it again
  /// behind ALSA's converter.
  static func open(device: String, format: PCMFormat) throws(SinkError) -> ALSASink {
    do {
      return try openOnce(device: device, format: format)
    } catch {
      guard error.operation == .configure, !device.hasPrefix("plug") else { throw error }
      return try openOnce(device: "plug:'\(device)'", format: format)
    }
  }

  private static func openOnce(device: String, format: PCMFormat) throws(SinkError) -> ALSASink {
    _ = silenceErrors
    var opened: OpaquePointer?
    // Without SND_PCM_NONBLOCK a device in use makes `open` wait until it is not.
    try check(
      .open,
      unsafe snd_pcm_open(&opened, device, SND_PCM_STREAM_PLAYBACK, Int32(SND_PCM_NONBLOCK)))
    guard let handle = unsafe opened else { throw SinkError(.open, code: ENODEV) }
    do {
      let (isFloat, period) = try unsafe configureHardware(handle, format)
      try unsafe configureSoftware(handle, period)
      try check(.prepare, unsafe snd_pcm_prepare(handle))
      return unsafe ALSASink(
        handle, channels: format.channelCount, isFloat: isFloat, periodFrames: Int(period))
    } catch {
      unsafe snd_pcm_close(handle)
      throw error
    }
  }

  private static func configureHardware(
    _ handle: OpaquePointer, _ format: PCMFormat
  ) throws(SinkError) -> (isFloat: Bool, period: snd_pcm_uframes_t) {
    // Allocated and freed here; every call gets the handle it was filled for.
    var allocated: OpaquePointer?
    try check(.configure, unsafe snd_pcm_hw_params_malloc(&allocated))
    guard let params = unsafe allocated else { throw SinkError(.configure, code: ENOMEM) }
    defer { unsafe snd_pcm_hw_params_free(params) }
    try check(.configure, unsafe snd_pcm_hw_params_any(handle, params))
    try check(.configure, unsafe snd_pcm_hw_params_set_rate_resample(handle, params, 1))
    try check(
      .configure,
      unsafe snd_pcm_hw_params_set_access(handle, params, SND_PCM_ACCESS_RW_INTERLEAVED))
    let isFloat =
      unsafe snd_pcm_hw_params_set_format(handle, params, SND_PCM_FORMAT_FLOAT) == 0
    if !isFloat {
      try check(
        .configure, unsafe snd_pcm_hw_params_set_format(handle, params, SND_PCM_FORMAT_S16))
    }
    try check(
      .configure,
      unsafe snd_pcm_hw_params_set_channels(handle, params, UInt32(format.channelCount)))
    try check(
      .configure,
      unsafe snd_pcm_hw_params_set_rate(handle, params, UInt32(format.sampleRate), 0))
    // Sizes are wishes: a device that grants others is played with those.
    var buffer = bufferMicroseconds
    var direction: Int32 = 0
    _ = unsafe snd_pcm_hw_params_set_buffer_time_near(handle, params, &buffer, &direction)
    var time = periodMicroseconds
    direction = 0
    _ = unsafe snd_pcm_hw_params_set_period_time_near(handle, params, &time, &direction)
    try check(.configure, unsafe snd_pcm_hw_params(handle, params))
    var period: snd_pcm_uframes_t = 0
    try check(
      .configure, unsafe snd_pcm_hw_params_get_period_size(params, &period, &direction))
    guard period > 0 else { throw SinkError(.configure, code: EINVAL) }
    return (isFloat, period)
  }

  /// The device starts as soon as it has a period and stops when it runs out, which is reported.
  private static func configureSoftware(
    _ handle: OpaquePointer, _ period: snd_pcm_uframes_t
  ) throws(SinkError) {
    // Allocated and freed here.
    var allocated: OpaquePointer?
    try check(.configure, unsafe snd_pcm_sw_params_malloc(&allocated))
    guard let params = unsafe allocated else { throw SinkError(.configure, code: ENOMEM) }
    defer { unsafe snd_pcm_sw_params_free(params) }
    try check(.configure, unsafe snd_pcm_sw_params_current(handle, params))
    try check(
      .configure, unsafe snd_pcm_sw_params_set_start_threshold(handle, params, period))
    try check(.configure, unsafe snd_pcm_sw_params_set_avail_min(handle, params, period))
    try check(.configure, unsafe snd_pcm_sw_params(handle, params))
  }

  func writable() throws(SinkError) -> Int {
    try Self.check(.writable, unsafe snd_pcm_avail_update(handle))
  }

  func write(_ samples: Span<Float>) throws(SinkError) -> Int {
    let frames = snd_pcm_uframes_t(samples.count / channels)
    guard frames > 0 else { return 0 }
    if isFloat {
      // alsa-lib reads `frames` frames, all of which the span holds, and keeps no pointer.
      let result = unsafe samples.withUnsafeBytes { bytes in
        unsafe snd_pcm_writei(handle, bytes.baseAddress, frames)
      }
      return try Self.check(.write, result)
    }
    integers.removeAll(keepingCapacity: true)
    for place in samples.indices { integers.append(Int16((samples[place] * 32767).rounded())) }
    return try Self.check(.write, unsafe snd_pcm_writei(handle, &integers, frames))
  }

  func delay() throws(SinkError) -> Int {
    var frames: snd_pcm_sframes_t = 0
    try Self.check(.delay, unsafe snd_pcm_delay(handle, &frames))
    return frames
  }

  func prepare() throws(SinkError) { try Self.check(.prepare, unsafe snd_pcm_prepare(handle)) }

  func resume() throws(SinkError) { try Self.check(.resume, unsafe snd_pcm_resume(handle)) }

  func drop() throws(SinkError) { try Self.check(.drop, unsafe snd_pcm_drop(handle)) }

  func close() {
    guard isOpen else { return }
    isOpen = false
    unsafe snd_pcm_close(handle)
  }

  /// The one place where alsa-lib's results become errors: negative ones are errnos.
  @discardableResult
  private static func check<Result: BinaryInteger>(
    _ operation: SinkError.Operation, _ result: Result
  ) throws(SinkError) -> Result {
    guard result >= 0 else { throw SinkError(operation, code: -Int32(result)) }
    return result
  }
}
