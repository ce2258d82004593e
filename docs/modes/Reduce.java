import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Halves JPEG files in both directions, in place: {@code java Reduce.java FILE...} */
public final class Reduce {
    public static void main(String[] files) throws IOException {
        for (String name : files) {
            File file = new File(name);
            BufferedImage from = ImageIO.read(file);
            BufferedImage to =
                    new BufferedImage(from.getWidth() / 2, from.getHeight() / 2, BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D graphics = to.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(from, 0, 0, to.getWidth(), to.getHeight(), null);
            graphics.dispose();
            ImageIO.write(to, "jpeg", file);
        }
    }
}
