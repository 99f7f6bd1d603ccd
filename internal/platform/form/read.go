package form

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"qiao/internal/platform/fault"
)

// What one form may hold.
const (
	maxBody  = 64 << 20  // the whole, files included
	maxFile  = 32 << 20  // one file
	maxText  = 256 << 10 // one field
	maxParts = 2000      // fields and files
	inMemory = 1 << 20   // a file up to this size stays in memory
)

// File is a file a person chose. It lives until the request ends.
type File struct {
	Name string // as it was named there, without folders
	Size int64  // bytes
	Type string // as the browser says, not checked

	memory []byte
	disk   *os.File
	header *multipart.FileHeader
}

// Open reads the file from its start; close what it gives. Several may be open at once.
func (f *File) Open() (io.ReadSeekCloser, error) {
	switch {
	case f.header != nil:
		return f.header.Open()
	case f.disk != nil:
		return section{io.NewSectionReader(f.disk, 0, f.Size)}, nil
	}
	return section{io.NewSectionReader(bytes.NewReader(f.memory), 0, f.Size)}, nil
}

type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

// Read takes the form out of a request: the query of a GET, else the body (urlencoded or multipart). A body that is too
// large, broken off or not a form becomes an error of the form, beside everything that could be read.
func Read(r *http.Request) *Form { return ReadUpload(r, maxFile) }

// ReadUpload is Read for a form whose files may have so many bytes. They are kept on disk, not in memory.
func ReadUpload(r *http.Request, largest int64) *Form {
	f := &Form{values: map[string][]string{}, files: map[string][]*File{}, largest: largest}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		f.take(r.URL.Query())
		return f
	}
	if r.MultipartForm != nil || r.PostForm != nil { // someone before us has parsed the body
		f.takeParsed(r)
		return f
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(nil, r.Body, f.body())
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		f.readParts(r.Context(), multipart.NewReader(r.Body, params["boundary"]))
		return f
	}
	if err := r.ParseForm(); err != nil {
		f.broken(err)
	}
	f.take(r.PostForm)
	return f
}

// body is how many bytes the whole form may have.
func (f *Form) body() int64 { return max(maxBody, f.largest+maxBody-maxFile) }

func (f *Form) take(values url.Values) {
	for name, vs := range values {
		for _, v := range vs {
			f.values[name] = append(f.values[name], clean(v))
		}
	}
}

func (f *Form) takeParsed(r *http.Request) {
	f.take(r.PostForm)
	if r.MultipartForm == nil {
		return
	}
	if len(r.PostForm) == 0 {
		f.take(r.MultipartForm.Value)
	}
	for name, headers := range r.MultipartForm.File {
		for _, h := range headers {
			if h.Filename != "" {
				f.keep(name, &File{Name: base(h.Filename), Size: h.Size, Type: h.Header.Get("Content-Type"), header: h})
			}
		}
	}
}

func (f *Form) readParts(ctx context.Context, parts *multipart.Reader) {
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			f.broken(err)
			return
		}
		if part.FileName() == "" {
			err = f.readText(part)
		} else {
			err = f.readFile(ctx, part)
		}
		if errors.Is(err, errTold) {
			return
		}
		if err != nil {
			f.broken(err)
			return
		}
	}
	f.broken(errors.New("too many parts"))
}

func (f *Form) readText(part *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(part, maxText+1))
	name := part.FormName()
	if len(text) > maxText {
		text = text[:maxText]
		f.Add(name, "too-long", "这一项太长，最多 {0} 个字节。", maxText)
	}
	if name != "" && (part.Header.Get("Content-Disposition") != "" || len(text) > 0) && !emptyFile(part) {
		f.values[name] = append(f.values[name], clean(string(text)))
	}
	return err
}

// emptyFile tells a file field in which nothing was chosen (filename="") from a text field.
func emptyFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, named := params["filename"]
	return err == nil && named
}

// errTold ends the reading of a form whose field says already what is wrong.
var errTold = errors.New("the form has said it")

func (f *Form) readFile(ctx context.Context, part *multipart.Part) error {
	name := part.FormName()
	file := &File{Name: base(part.FileName()), Type: part.Header.Get("Content-Type")}
	var head bytes.Buffer
	n, err := io.CopyN(&head, part, inMemory)
	file.memory, file.Size = head.Bytes(), n
	if err == nil { // there may be more
		err = file.spill(ctx, part, f.largest)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		f.Add(name, "incomplete", "文件没有完整传到，请重新选择后再上传。")
		return err
	}
	if file.Size > f.largest {
		f.Add(name, "too-large", "文件超过 {0} MB，请压缩或拆分后再上传。", f.largest>>20)
		_, err = io.Copy(io.Discard, part) // what was typed after the file is kept
		var large *http.MaxBytesError
		if errors.As(err, &large) { // unless the file is larger still
			return errTold
		}
		return err
	}
	f.keep(name, file)
	return nil
}

// spill moves a large file to disk, where it stays until the request ends.
func (f *File) spill(ctx context.Context, rest io.Reader, largest int64) error {
	disk, err := os.CreateTemp("", "qiao-upload-*")
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { // the request is over: nobody is left to be told of an error
		_ = disk.Close()
		_ = os.Remove(disk.Name())
	})
	f.disk = disk
	f.Size, err = io.Copy(disk, io.LimitReader(io.MultiReader(bytes.NewReader(f.memory), rest), largest+1))
	f.memory = nil
	return err
}

func (f *Form) keep(name string, file *File) {
	if file.Size == 0 {
		f.Add(name, "empty-file", "文件是空的，请换一个有内容的文件。")
		return
	}
	f.files[name] = append(f.files[name], file)
}

func (f *Form) broken(err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		f.Fault = fault.New(fault.TooLarge, "body-too-large", "提交的内容太大，最多 {0} MB。", f.body()>>20).Because(err)
		return
	}
	f.Fault = fault.New(fault.BadRequest, "body-broken", "提交的内容没有完整传到，请检查后再提交一次。").Because(err)
}

// clean makes text that every database keeps: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// base is the last part of a name that may carry folders of any system.
func base(name string) string { return path.Base(strings.ReplaceAll(clean(name), `\`, "/")) }
