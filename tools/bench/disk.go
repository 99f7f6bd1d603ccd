package main

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// disk is a file system over a folder that remembers what a power cut would leave of the database's files: of each the bytes
// that were synced, and any of the sectors written since. Entries of folders are kept in the order in which they were made, as
// ext4 and XFS keep them.
type disk struct {
	root   string // what the program reads and writes
	synced string // the tracked files as they were when they were last synced
	deaf   bool   // answer a sync of the write-ahead log without doing it: a disk that lies

	mu    sync.RWMutex // held for writing while an image is taken
	state sync.Mutex
	dirty map[string]map[int64]bool // sectors written since the last sync, of each tracked file
}

// tracked tells whether a file is one of the database's. The shared memory beside the log is made anew at each start.
func tracked(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, "qiao.db") && !strings.HasSuffix(base, "-shm") && !strings.HasSuffix(base, ".lock")
}

// mount puts the disk over a folder, whose files count as synced, at another; call the function it gives to take it off.
func mount(root, synced, at string, deaf bool) (*disk, func() error, error) {
	d := &disk{root: root, synced: synced, deaf: deaf, dirty: map[string]map[int64]bool{}}
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if tracked(e.Name()) {
			if err := copyFile(filepath.Join(root, e.Name()), filepath.Join(synced, e.Name())); err != nil {
				return nil, nil, err
			}
		}
	}
	var st syscall.Stat_t
	if err := syscall.Stat(root, &st); err != nil {
		return nil, nil, err
	}
	data := &fs.LoopbackRoot{Path: root, Dev: st.Dev}
	top := &diskNode{&fs.LoopbackNode{RootData: data}, d}
	data.RootNode = top
	server, err := fs.Mount(at, top, &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, Name: "disk"}})
	if err != nil {
		return nil, nil, err
	}
	return d, server.Unmount, nil
}

// wrote remembers that bytes of a file may be lost.
func (d *disk) wrote(name string, from, n int64) {
	if !tracked(name) {
		return
	}
	d.state.Lock()
	defer d.state.Unlock()
	if d.dirty[name] == nil {
		d.dirty[name] = map[int64]bool{}
	}
	for s := from / sector; s*sector < from+n; s++ {
		d.dirty[name][s] = true
	}
}

// sync makes what was written to a file safe.
func (d *disk) sync(name string) error {
	if !tracked(name) || d.deaf && strings.HasSuffix(name, "-wal") {
		return nil
	}
	d.state.Lock()
	defer d.state.Unlock()
	err := d.copySectors(name, d.synced, 1)
	delete(d.dirty, name)
	return err
}

// copySectors writes dirty sectors of a file, each with a probability, and its length into the same file of another folder.
func (d *disk) copySectors(name, to string, p float64) (err error) {
	live, err := os.Open(filepath.Join(d.root, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil // gone meanwhile
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, live.Close()) }()
	out, err := os.OpenFile(filepath.Join(to, name), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	buf := make([]byte, sector)
	for s := range d.dirty[name] {
		if p < 1 && rand.Float64() >= p {
			continue
		}
		n, err := live.ReadAt(buf, s*sector)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if _, err := out.WriteAt(buf[:n], s*sector); err != nil {
			return err
		}
	}
	if p < 1 && rand.IntN(2) == 0 {
		return nil // the length, too, may be that of the last sync
	}
	info, err := live.Stat()
	if err != nil {
		return err
	}
	return out.Truncate(info.Size())
}

// image writes what a power cut at this moment might leave into a folder: what was synced, and of what was not each sector with
// the same probability, drawn for the image.
func (d *disk) image(to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state.Lock()
	defer d.state.Unlock()
	p := []float64{0, .1, .5, .9, .99}[rand.IntN(5)]
	return filepath.WalkDir(d.root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(d.root, path)
		switch {
		case err != nil:
			return err
		case e.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case e.Type()&os.ModeSocket != 0, strings.HasSuffix(name, "-shm"), strings.HasSuffix(name, ".lock"):
			return nil
		case !tracked(name):
			return copyFile(path, filepath.Join(to, name))
		}
		if err := copyFile(filepath.Join(d.synced, name), filepath.Join(to, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return d.copySectors(name, to, p)
	})
}

// moved follows the entry of a tracked file; an empty name is a file that is gone.
func (d *disk) moved(from, to string) {
	d.state.Lock()
	defer d.state.Unlock()
	if tracked(from) && to == "" {
		_ = os.Remove(filepath.Join(d.synced, from)) // it may never have been synced
	} else if tracked(from) {
		_ = os.Rename(filepath.Join(d.synced, from), filepath.Join(d.synced, to)) // nor then
		d.dirty[to] = d.dirty[from]
	}
	delete(d.dirty, from)
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// diskNode is a file or folder of a disk.
type diskNode struct {
	*fs.LoopbackNode
	disk *disk
}

// WrapChild makes what lies in a folder part of the same disk.
func (n *diskNode) WrapChild(_ context.Context, child fs.InodeEmbedder) fs.InodeEmbedder {
	if l, ok := child.(*fs.LoopbackNode); ok {
		return &diskNode{l, n.disk}
	}
	return child
}

func (n *diskNode) name(more ...string) string {
	return filepath.Join(append([]string{n.Path(n.Root())}, more...)...)
}

// Open gives a handle that tells the disk what is written.
func (n *diskNode) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	f, more, errno := n.LoopbackNode.Open(ctx, flags)
	if errno != 0 {
		return f, more, errno
	}
	return n.disk.handle(f, n.name()), more, 0
}

// Create does so for a new file.
func (n *diskNode) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	ch, f, more, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	if errno != 0 {
		return ch, f, more, errno
	}
	return ch, n.disk.handle(f, n.name(name)), more, 0
}

// Unlink takes a file away.
func (n *diskNode) Unlink(ctx context.Context, name string) syscall.Errno {
	n.disk.mu.RLock()
	defer n.disk.mu.RUnlock()
	errno := n.LoopbackNode.Unlink(ctx, name)
	if errno == 0 {
		n.disk.moved(n.name(name), "")
	}
	return errno
}

// Rename moves a file.
func (n *diskNode) Rename(ctx context.Context, name string, parent fs.InodeEmbedder, to string, flags uint32) syscall.Errno {
	n.disk.mu.RLock()
	defer n.disk.mu.RUnlock()
	errno := n.LoopbackNode.Rename(ctx, name, parent, to, flags)
	if p, ok := parent.(*diskNode); ok && errno == 0 {
		n.disk.moved(n.name(name), p.name(to))
	}
	return errno
}

func (d *disk) handle(f fs.FileHandle, name string) fs.FileHandle {
	if l, ok := f.(*fs.LoopbackFile); ok {
		return &diskFile{l, d, name}
	}
	return f
}

// diskFile is an open file of a disk. It forwards what it is asked, one by one, so that nothing is written past it.
type diskFile struct {
	f    *fs.LoopbackFile
	disk *disk
	name string
}

// Read reads.
func (h *diskFile) Read(ctx context.Context, buf []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	return h.f.Read(ctx, buf, off)
}

// Write writes what may be lost until it is synced.
func (h *diskFile) Write(ctx context.Context, data []byte, off int64) (uint32, syscall.Errno) {
	h.disk.mu.RLock()
	defer h.disk.mu.RUnlock()
	n, errno := h.f.Write(ctx, data, off)
	h.disk.wrote(h.name, off, int64(n))
	return n, errno
}

// Fsync makes it safe.
func (h *diskFile) Fsync(ctx context.Context, flags uint32) syscall.Errno {
	h.disk.mu.RLock()
	defer h.disk.mu.RUnlock()
	if err := h.disk.sync(h.name); err != nil {
		return syscall.EIO
	}
	return h.f.Fsync(ctx, flags)
}

// Setattr changes the length, among others.
func (h *diskFile) Setattr(ctx context.Context, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	h.disk.mu.RLock()
	defer h.disk.mu.RUnlock()
	return h.f.Setattr(ctx, in, out)
}

// Getattr tells length and times.
func (h *diskFile) Getattr(ctx context.Context, out *fuse.AttrOut) syscall.Errno {
	return h.f.Getattr(ctx, out)
}

// Flush is called at each close.
func (h *diskFile) Flush(ctx context.Context) syscall.Errno { return h.f.Flush(ctx) }

// Release is called at the last.
func (h *diskFile) Release(ctx context.Context) syscall.Errno { return h.f.Release(ctx) }

// Getlk, Setlk and Setlkw are the locks by which SQLite's connections keep out of each other's way.
func (h *diskFile) Getlk(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32, out *fuse.FileLock) syscall.Errno {
	return h.f.Getlk(ctx, owner, lk, flags, out)
}

// Setlk takes a lock or says that it is taken.
func (h *diskFile) Setlk(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32) syscall.Errno {
	return h.f.Setlk(ctx, owner, lk, flags)
}

// Setlkw waits for a lock.
func (h *diskFile) Setlkw(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32) syscall.Errno {
	return h.f.Setlkw(ctx, owner, lk, flags)
}
