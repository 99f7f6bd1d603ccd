package relay

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"qiao/internal/platform/clock"
)

// room is one place where a picture is shown. Its connections are guarded by the relay's lock.
type room struct {
	conns     map[string]*Conn
	publisher *Conn
	speaker   *Conn
	picture   *track // from the laboratory
	sound     *track // from the laboratory
	voice     *track // of the watcher who speaks
	camera    atomic.Uint32
	clock     clock.Clock
	mu        sync.Mutex
	asked     time.Time // when a whole picture was asked for last
}

func newRoom(c clock.Clock) (*room, error) {
	r := &room{conns: map[string]*Conn{}, clock: c}
	var errs [3]error
	r.picture, errs[0] = newTrack(picture(nil), "picture", "lab", 90_000/25)
	r.sound, errs[1] = newTrack(sound(), "sound", "lab", 48_000/50)
	r.voice, errs[2] = newTrack(sound(), "voice", "talk", 48_000/50)
	return r, errors.Join(errs[:]...)
}

// viewers counts the connections that watch, and those of them with one key.
func (r *room) viewers(key string) (all, own int) {
	for _, c := range r.conns {
		if c.part == view {
			all++
			if c.Key == key {
				own++
			}
		}
	}
	return all, own
}

// between is the least time between two requests for a whole picture: each costs as much as many others.
const between = 250 * time.Millisecond

// refresh asks the camera for a whole picture, so that who just came sees something at once.
func (r *room) refresh() {
	r.mu.Lock()
	now := r.clock.Now()
	early := now.Sub(r.asked) < between
	if !early {
		r.asked = now
	}
	r.mu.Unlock()
	c := r.sender()
	if c == nil || early {
		return
	}
	_ = c.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: r.camera.Load()}}) // asked again by whoever waits
}

// sender is who publishes now.
func (r *room) sender() *Conn {
	c, _ := r.picture.from.Load().(*Conn)
	return c
}

// track is one stream of packets that goes to everybody. Its numbers run on when another connection takes over, so that
// browsers see one stream.
type track struct {
	*webrtc.TrackLocalStaticRTP
	step uint32 // of the clock, between two senders
	from atomic.Value

	mu       sync.Mutex
	started  bool
	last     rtp.Header // as sent
	seq      uint16     // added to what comes in
	stamp    uint32
	switched bool
}

func newTrack(c webrtc.RTPCodecCapability, id, stream string, step uint32) (*track, error) {
	t, err := webrtc.NewTrackLocalStaticRTP(c, id, stream)
	if err != nil {
		return nil, fmt.Errorf("relay: make a track: %w", err)
	}
	return &track{TrackLocalStaticRTP: t, step: step}, nil
}

// carry forwards what a connection sends until it ends or another takes over.
func (t *track) carry(c *Conn, remote *webrtc.TrackRemote) {
	t.mu.Lock()
	t.switched = true
	t.from.Store(c)
	t.mu.Unlock()
	if c.part == publish {
		c.room.refresh()
	}
	for {
		p, _, err := remote.ReadRTP()
		if err != nil || t.from.Load() != any(c) {
			return
		}
		if err := t.forward(p); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			return
		}
	}
}

func (t *track) forward(p *rtp.Packet) error {
	t.mu.Lock()
	if t.switched {
		t.switched = false
		if t.started {
			t.seq = t.last.SequenceNumber + 1 - p.SequenceNumber
			t.stamp = t.last.Timestamp + t.step - p.Timestamp
		}
	}
	p.SequenceNumber += t.seq
	p.Timestamp += t.stamp
	if !t.started || int16(p.SequenceNumber-t.last.SequenceNumber) > 0 { //nolint:gosec // numbers of packets run in a circle
		t.started, t.last = true, p.Header
	}
	t.mu.Unlock()
	p.Extension, p.Extensions = false, nil // they were agreed on with the sender, not with those who receive
	return t.WriteRTP(p)
}

// send gives a track to a connection and listens to what its browser says of it.
func (c *Conn) send(t *track) error {
	s, err := c.pc.AddTrack(t.TrackLocalStaticRTP)
	if err != nil {
		return fmt.Errorf("relay: send a track: %w", err)
	}
	c.relay.wait.Go(func() {
		for {
			packets, _, err := s.ReadRTCP()
			if err != nil {
				return
			}
			for _, p := range packets {
				switch p.(type) {
				case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
					if t == c.room.picture {
						c.room.refresh()
					}
				}
			}
		}
	})
	return nil
}
