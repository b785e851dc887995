package streamscope.vectors.kafka;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** A connection to one broker on which one request at a time is sent, with Kafka's own requests and
 *  none of its clients' cleverness: nothing is tried again. */
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MS = 60_000;

  private final Socket socket = new Socket();
  private final String clientId;
  private int correlationId = 0;

  Wire(int port, String clientId) throws IOException {
    this.clientId = clientId;
    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
  }

  /** Of a version, or of the latest when that is -1. */
  AbstractResponse ask(AbstractRequest.Builder<?> builder, int version) throws IOException {
    AbstractRequest request = build(builder, version);
    RequestHeader header = send(request);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return AbstractResponse.parseResponse(ByteBuffer.wrap(bytes), header);
  }

  /** For `acks=0`: true when the broker said nothing and kept the connection for a while. */
  void tell(AbstractRequest.Builder<?> builder) throws IOException {
    send(build(builder, -1));
  }

  /** Whether the broker closes the connection. */
  boolean isClosed(int withinMs) throws IOException {
    socket.setSoTimeout(withinMs);
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException still) {
      return false;
    } catch (EOFException | java.net.SocketException gone) {
      return true;
    }
  }

  private static AbstractRequest build(AbstractRequest.Builder<?> builder, int version) {
    int latest =
      Math.min(builder.apiKey().latestVersion(false), builder.latestAllowedVersion());
    return builder.build((short) (version < 0 ? latest : version));
  }

  private RequestHeader send(AbstractRequest request) throws IOException {
    correlationId += 1;
    RequestHeader header =
      new RequestHeader(request.apiKey(), request.version(), clientId, correlationId);
    ByteBuffer body = request.serializeWithHeader(header);
    ByteBuffer framed = ByteBuffer.allocate(4 + body.remaining());
    framed.putInt(body.remaining()).put(body);
    socket.getOutputStream().write(framed.array());
    return header;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
