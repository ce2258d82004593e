package org.patchreel.impl.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;

/** What a file names, other files and addresses, is not opened. */
class ReferencesTest {
    private static final VideoFormat FORMAT = new VideoFormat(64, 64, 9, 10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final AtomicInteger connections = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // serve
    private ServerSocket server;

    private String address = "";

    /** White, which nothing else here is. */
    private Path secret;

    private byte[] clip;

    @SuppressWarnings("NullAway.Init") // makeClips
    ReferencesTest() {}

    @BeforeEach
    void serve() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        address = "http://127.0.0.1:" + server.getLocalPort() + "/clip.mp4";
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket connection = server.accept();
                    connections.incrementAndGet();
                    connection.close();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @BeforeEach
    void makeClips() throws IOException {
        secret = clip("secret.mp4", 0xffffff);
        clip = Files.readAllBytes(clip("clip.mp4", 0x202020));
    }

    @AfterEach
    void nobodyConnected() throws IOException {
        server.close();
        assertEquals(0, connections.get());
    }

    private Path clip(String name, int colour) throws IOException {
        Path file = folder.resolve(name);
        try (FrameSink sink = TestEncoders.h264().open(file, FORMAT)) {
            for (int i = 0; i < FORMAT.frameCount(); i++) {
                sink.accept(TestFrames.solid(64, 64, colour));
            }
        }
        return file;
    }

    /** The test's own means work: the secret is white, the server counts. */
    @Test
    void theSecretCanBeToldAndAConnectionIsCounted() throws Exception {
        assertTrue(shows(secret));
        assertFalse(shows(Files.write(folder.resolve("copy.mp4"), clip)));
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertEquals(-1, socket.getInputStream().read());
        }
        assertEquals(1, connections.getAndSet(0));
    }

    @Test
    void aTrackWhoseDataAreElsewhereIsNotFollowed() throws Exception {
        for (String target : List.of(secret.toUri().toString(), secret.toString(), address, "secret.mp4")) {
            byte[] url = concatenated(new byte[4], (target + "\0").getBytes(ISO_8859_1));
            assertNothing("url.mov", withReference("url ", url));
            assertNothing(
                    "urn.mov", withReference("urn ", concatenated(new byte[4], "secret\0".getBytes(ISO_8859_1), url)));
            assertNothing("alis.mov", withReference("alis", alias(target)));
        }
    }

    @Test
    void listsOfFilesAndAddressesAreNotFollowedWhateverTheyAreCalled() throws Exception {
        for (String target : List.of(secret.toString(), address)) {
            List<String> lists = List.of(
                    "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + target + "\n#EXT-X-ENDLIST\n",
                    "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + target + "\n",
                    "ffconcat version 1.0\nfile '" + target + "'\n",
                    "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\""
                            + " mediaPresentationDuration=\"PT1S\"><Period><AdaptationSet mimeType=\"video/mp4\">"
                            + "<Representation id=\"0\" bandwidth=\"1\" width=\"64\" height=\"64\"><BaseURL>" + target
                            + "</BaseURL></Representation></AdaptationSet></Period></MPD>",
                    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=control:" + target
                            + "\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
                    "[Reference]\nRef1=" + target + "\n",
                    "<asx version=\"3.0\"><entry><ref href=\"" + target + "\"/></entry></asx>",
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"><image href=\"" + target
                            + "\"/></svg>",
                    "MMS ultra low delay\n" + target + "\n");
            for (String list : lists) {
                assertNothing("a.mp4", list.getBytes(ISO_8859_1));
                assertNothing("a.m3u8", list.getBytes(ISO_8859_1));
            }
        }
    }

    @Test
    void aMatroskaFileThatNamesANextOneIsNotFollowed() throws Exception {
        for (String target : List.of(secret.toString(), address)) {
            byte[] segment = concatenated(
                    element(0x3C83AB, target.getBytes(ISO_8859_1)),
                    element(0x3E83BB, target.getBytes(ISO_8859_1)),
                    element(0x7384, target.getBytes(ISO_8859_1)));
            assertNothing(
                    "linked.mkv",
                    concatenated(
                            element(0x1A45DFA3, element(0x4282, "matroska".getBytes(ISO_8859_1))),
                            element(0x18538067, element(0x1549A966, segment))));
        }
    }

    @Test
    void namesThatFfmpegTakesForProtocolsAreFiles() throws Exception {
        Path subfile = Files.write(folder.resolve("concat:secret.mp4|clip.mp4"), clip);
        assertFalse(shows(subfile), "the file of that name is read");
        for (String name : List.of("http:", "data:", "crypto:secret.mp4", "subfile,,start,0,end,0,,:secret.mp4")) {
            Path missing = folder.resolve(name);
            assertThrows(IOException.class, () -> shows(missing));
        }
    }

    /** The file is refused, has no frames, or shows some that are not the secret's. */
    private void assertNothing(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        try {
            assertFalse(shows(file), new String(content, ISO_8859_1));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            assertTrue(message.startsWith(file.toString()), message);
            assertFalse(message.contains("secret"), message);
        }
        try (ClipReader reader = ClipReader.open(file)) {
            reader.next().ifPresent(frame -> assertFalse(TestFrames.pixel(frame, 32, 32) == 0xffffff));
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()));
        }
        Files.delete(file);
    }

    private static boolean shows(Path file) throws IOException {
        boolean white = false;
        try (LumaReader reader = LumaReader.open(file, 360, 1440)) {
            while (reader.advance()) {
                byte[] luma = reader.luma();
                white |= (luma[luma.length / 2] & 0xff) > 200;
            }
        }
        return white;
    }

    /** The clip with another data reference; its media data are gone. */
    private byte[] withReference(String type, byte[] content) {
        byte[] reference = box(type, content);
        byte[] references = box("dref", concatenated(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}, reference));
        List<byte[]> boxes = new ArrayList<>();
        for (int at = 0; at < clip.length; at += ByteBuffer.wrap(clip).getInt(at)) {
            byte[] each =
                    Arrays.copyOfRange(clip, at, at + ByteBuffer.wrap(clip).getInt(at));
            String name = new String(each, 4, 4, ISO_8859_1);
            if (!name.equals("mdat")) {
                boxes.add(replaced(each, references));
            }
        }
        return concatenated(boxes.toArray(byte[][]::new));
    }

    private static byte[] replaced(byte[] box, byte[] references) {
        String type = new String(box, 4, 4, ISO_8859_1);
        if (type.equals("dref")) {
            return references;
        }
        if (!List.of("moov", "trak", "mdia", "minf", "dinf").contains(type)) {
            return box;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int at = 8; at < box.length; at += ByteBuffer.wrap(box).getInt(at)) {
            content.writeBytes(replaced(
                    Arrays.copyOfRange(box, at, at + ByteBuffer.wrap(box).getInt(at)), references));
        }
        return box(type, content.toByteArray());
    }

    /** An alias record of QuickTime with an absolute path. */
    private static byte[] alias(String path) {
        byte[] name = path.getBytes(ISO_8859_1);
        ByteBuffer alias = ByteBuffer.allocate(4 + 10 + 28 + 12 + 64 + 4 + 16 + 4 + name.length + name.length % 2 + 4);
        alias.position(4 + 10 + 28 + 12 + 64);
        alias.putShort((short) 1).putShort((short) 1);
        alias.position(alias.position() + 16);
        alias.putShort((short) 2).putShort((short) name.length).put(name);
        alias.position(alias.position() + name.length % 2);
        return alias.putShort((short) -1).putShort((short) 0).array();
    }

    private static byte[] element(int id, byte[] content) {
        int bytes = (35 - Integer.numberOfLeadingZeros(id)) / 8;
        ByteBuffer element = ByteBuffer.allocate(bytes + 4 + content.length);
        for (int i = bytes - 1; i >= 0; i--) {
            element.put((byte) (id >> (8 * i)));
        }
        return element.putInt(0x10000000 | content.length).put(content).array();
    }

    private static byte[] box(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(type.getBytes(ISO_8859_1))
                .put(content)
                .array();
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
