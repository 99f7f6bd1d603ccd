// Package photo makes pictures that people upload safe and small: what is stored is drawn anew from the pixels, so that
// nothing but the picture is kept: no place where it was taken, no hidden text, no other file behind it.
package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // decoded, never written
	"image/jpeg"
	_ "image/png" // decoded, never written
)

// The sizes of what is stored, in pixels, and the most that is read.
const (
	LongSide  = 1600       // of the picture
	ThumbSide = 320        // of the square small picture
	maxPixels = 40_000_000 // more would need too much memory to be drawn anew
)

// What can be wrong with a picture.
var (
	ErrNoPicture = errors.New("photo: not a JPEG, PNG or GIF picture")
	ErrTooLarge  = errors.New("photo: too many pixels")
)

// Picture is a photo as it is stored: two JPEG files.
type Picture struct {
	Full, Thumb   []byte
	Width, Height int // of Full
}

// Make draws a picture anew, upright and at most LongSide pixels long, with its small square one.
func Make(data []byte) (Picture, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return Picture{}, ErrNoPicture
	}
	if size.Width > maxPixels/size.Height {
		return Picture{}, ErrTooLarge
	}
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, ErrNoPicture
	}
	// A camera says in its file which side is up. To shrink before turning keeps the work small.
	full := upright(shrink(src, src.Bounds(), LongSide), Orientation(data))
	out := Picture{Width: full.Bounds().Dx(), Height: full.Bounds().Dy()}
	if out.Full, err = encode(full, 85); err != nil {
		return Picture{}, err
	}
	out.Thumb, err = encode(shrink(full, middle(full.Bounds()), ThumbSide), 80)
	return out, err
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// middle is the largest square in the middle of r.
func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	at := image.Pt(r.Min.X+(r.Dx()-side)/2, r.Min.Y+(r.Dy()-side)/2)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}
}

// shrink draws a part of src so that its longer side is at most side: each pixel is the mean of those it stands for. What is
// transparent becomes white. It goes through src in bands of one row of the result, so that little memory is needed.
func shrink(src image.Image, part image.Rectangle, side int) *image.RGBA {
	w, h := part.Dx(), part.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	band := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()/h+1))
	for y := range h {
		y0, y1 := y*part.Dy()/h, (y+1)*part.Dy()/h
		rows := image.Rect(0, 0, part.Dx(), y1-y0)
		draw.Draw(band, rows, image.White, image.Point{}, draw.Src)
		draw.Draw(band, rows, src, part.Min.Add(image.Pt(0, y0)), draw.Over)
		for x := range w {
			x0, x1 := x*part.Dx()/w, (x+1)*part.Dx()/w
			out.SetRGBA(x, y, mean(band, x0, max(x1, x0+1), y1-y0))
		}
	}
	return out
}

// mean is the mean colour of columns x0 to x1 of the first rows of a band.
func mean(band *image.RGBA, x0, x1, rows int) color.RGBA {
	var r, g, b, n uint64
	for y := range rows {
		line := band.Pix[y*band.Stride+4*x0 : y*band.Stride+4*x1]
		for i := 0; i+3 < len(line); i += 4 {
			r, g, b, n = r+uint64(line[i]), g+uint64(line[i+1]), b+uint64(line[i+2]), n+1
		}
	}
	return color.RGBA{R: uint8(r / n), G: uint8(g / n), B: uint8(b / n), A: 0xff} //nolint:gosec // a mean of bytes
}

// upright turns and mirrors a picture as its orientation (1…8, EXIF) says.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if orientation < 2 || orientation > 8 {
		return src
	}
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := origin(x, y, w, h, orientation)
			out.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return out
}

// origin is where the pixel x, y of the upright picture stands in one of w × h.
func origin(x, y, w, h, orientation int) (sx, sy int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	}
	return w - 1 - y, x // 8
}
