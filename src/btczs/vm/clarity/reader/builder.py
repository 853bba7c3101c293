"""Building expressions out of brackets: the stack of open lists and tuples.

Sugar is expanded and expressions are numbered on the way. A list gets its number when it opens, so
numbers run parents first; `{k: v}` counts as the `(tuple (k v))` that it becomes.

`fail` receives every error. A strict one raises. With a tolerant one the builder goes on as if the
missing thing were there, or the superfluous one were not.
"""

from collections.abc import Callable
from typing import Final

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.limits import CALL_DEPTH_MAX, NESTING_MAX
from btczs.vm.clarity.reader.errors import (
    ExpectedClosing,
    ExpectedWhitespace,
    ExpressionStackDepthTooDeep,
    TupleColonExpectedv2,
    TupleCommaExpectedv2,
    TupleValueExpected,
    UnexpectedToken,
    VaryExpressionStackDepthTooDeep,
)
from btczs.vm.clarity.reader.literals import shorten
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Comment, Expr, Form

TOP: Final = 0
LIST: Final = 1
# What a tuple waits for; everything from here on is a tuple.
KEY: Final = 2
COLON: Final = 3
VALUE: Final = 4
COMMA: Final = 5


class Frame:
    """An open bracket. `spaced`: white space (or nothing) stood between it and the item before."""

    __slots__ = ("column", "commented", "id", "items", "line", "pairs", "spaced", "state")

    def __init__(self, state: int, line: int, column: int, id: int, spaced: bool) -> None:
        self.state = state
        self.line = line
        self.column = column
        self.id = id
        self.spaced = spaced
        self.commented = False
        self.items: list[Expr | Comment] = []
        self.pairs: list[int] = []  # the numbers of the pairs of a tuple


class Builder:
    """Positions, numbers and open brackets. The parser moves it from word to word."""

    def __init__(self, fail: Callable[[ParseError], None]) -> None:
        self.fail = fail
        self.start = 0  # of the present word
        self.offset = 0  # its end
        self.line = 1
        self.line_start = 0
        self.spaced = True
        self.count = 0
        self.nesting = 0  # a list counts 1, a tuple 2
        self.exhausted = False  # nested so deeply that reading stops
        self.frame = Frame(TOP, 1, 1, 0, True)
        self.frames: list[Frame] = []  # around `frame`
        self.comments: list[Comment] = []
        self.too_deep: ParseError | None = None
        self.too_deep_with_tuples: ParseError | None = None

    def span(self) -> Span:
        """The place of the present word."""
        line, before = self.line, self.line_start
        return Span(line, self.start - before + 1, line, self.offset - before)

    def begin(self) -> int:
        """Numbers an expression that begins here, and its pair if it is a key."""
        frame = self.frame
        if frame.state > LIST:
            if frame.state == COLON:
                self._colon_missing()
            elif frame.state == COMMA:
                self._comma_missing()
            if frame.state == KEY:
                self.count += 1
                frame.pairs.append(self.count)
        self.count += 1
        return self.count

    def add(self, expr: Expr) -> None:
        """Puts a whole expression into the open bracket."""
        self.put(expr, self.spaced)

    def put(self, expr: Expr, spaced: bool) -> None:
        """As `add`, for an expression with (`spaced`) or without white space before it."""
        frame = self.frame
        state = frame.state
        if state == LIST:
            if not spaced:
                self.fail(ExpectedWhitespace("write a space before this item", expr.span))
        elif state == KEY:
            frame.state = COLON
        elif state == VALUE:
            frame.state = COMMA
        frame.items.append(expr)
        self.spaced = False

    def comment(self, word: str) -> None:
        """Notes a comment; it separates nothing and joins nothing."""
        comment = Comment(word, self.span())
        self.comments.append(comment)
        if self.frames:
            self.frame.items.append(comment)
            self.frame.commented = True

    def open_list(self, _word: str) -> None:
        self._open(LIST, self.begin(), 1)

    def open_tuple(self, _word: str) -> None:
        id = self.begin()
        self.count += 1  # the name `tuple`
        self._open(KEY, id, 2)

    def _open(self, state: int, id: int, levels: int) -> None:
        self.nesting += levels
        if self.nesting > NESTING_MAX + 1:
            self.fail(self._depth_error(ExpressionStackDepthTooDeep))
            self.exhausted = True
        self.frames.append(self.frame)
        column = self.start - self.line_start + 1
        self.frame = Frame(state, self.line, column, id, self.spaced)
        self.spaced = True
        if len(self.frames) >= NESTING_MAX:
            if self.nesting == len(self.frames):  # lists only
                self.too_deep = self.too_deep or self._depth_error(ExpressionStackDepthTooDeep)
            else:
                self.too_deep_with_tuples = self.too_deep_with_tuples or self._depth_error(
                    VaryExpressionStackDepthTooDeep
                )

    def _depth_error(self, kind: type[ParseError]) -> ParseError:
        message = f"brackets nest at most {NESTING_MAX - 1} levels (a tuple literal counts 2)"
        return kind(message, self.span(), max_depth=CALL_DEPTH_MAX)

    def close_list(self, word: str) -> None:
        """`)`."""
        if self.frame.state > LIST and any(frame.state == LIST for frame in self.frames):
            self.misplaced(word)
            while self.frame.state > LIST:  # a brace was forgotten
                self._close_tuple()
        if self.frame.state == LIST:
            self._close_list()
        else:
            self.misplaced(word)

    def close_tuple(self, word: str) -> None:
        """`}`."""
        if self.frame.state in (KEY, COMMA):
            self._close_tuple()
        else:
            self.misplaced(word)
            if self.frame.state > LIST:
                self._close_tuple()

    def colon(self, word: str) -> None:
        """`:` after a key."""
        if self.frame.state == COLON:
            self.frame.state = VALUE
        else:
            self.misplaced(word)

    def comma(self, word: str) -> None:
        """`,` after a value; after the last one too."""
        if self.frame.state == COMMA:
            self.frame.state = KEY
        else:
            self.misplaced(word)

    def misplaced(self, word: str) -> None:
        """Reports a word that begins no expression and does not go on with the open bracket."""
        if self.frame.state == COLON:
            self._colon_missing()
        elif self.frame.state == COMMA:
            self._comma_missing()
        else:
            message = f"{shorten(word)} cannot stand here"
            self.fail(UnexpectedToken(message, self.span(), token=shorten(word)))

    def _colon_missing(self) -> None:
        self.fail(TupleColonExpectedv2("write ':' after the key", self.span()))
        self.frame.state = VALUE

    def _comma_missing(self) -> None:
        self.fail(TupleCommaExpectedv2("write ',' or '}' after the value", self.span()))
        self.frame.state = KEY

    def finish(self) -> tuple[Expr, ...]:
        """The end of the text: the expressions outside of all brackets."""
        self.start = self.offset
        self.offset += 1
        while self.frames:
            frame = self.frame
            opened = Span(frame.line, frame.column, frame.line, frame.column)
            if frame.state == COLON:
                self._colon_missing()
            elif frame.state == VALUE:
                self.fail(TupleValueExpected("the value is missing", self.span(), opened=opened))
            else:
                closing = ")" if frame.state == LIST else "}"
                error = ExpectedClosing(
                    f"{closing!r} is missing", self.span(), closing=closing, opened=opened
                )
                self.fail(error)
            if frame.state == LIST:
                self._close_list()
            else:
                self._close_tuple()
        for deep in (self.too_deep, self.too_deep_with_tuples):
            if deep is not None:
                self.fail(deep)
        return tuple([item for item in self.frame.items if not isinstance(item, Comment)])

    def _close_list(self) -> None:
        frame = self.frame
        span = Span(frame.line, frame.column, self.line, self.offset - self.line_start)
        if frame.commented:
            items = tuple([item for item in frame.items if not isinstance(item, Comment)])
            form = Form(items, span, frame.id, False, tuple(frame.items))
        else:
            form = Form(tuple(frame.items), span, frame.id)  # type: ignore[arg-type]
        self.nesting -= 1
        self.frame = self.frames.pop()
        self.put(form, frame.spaced)

    def _close_tuple(self) -> None:
        frame = self.frame
        opened = Span(frame.line, frame.column, frame.line, frame.column)
        items = [item for item in frame.items if not isinstance(item, Comment)]
        expanded: list[Expr] = [Atom("tuple", opened, frame.id + 1)]
        for key, value, id in zip(items[::2], items[1::2], frame.pairs):
            start, end = key.span, value.span
            span = Span(start.line, start.column, end.end_line, end.end_column)
            expanded.append(Form((key, value), span, id))
        span = Span(frame.line, frame.column, self.line, self.offset - self.line_start)
        form = Form(tuple(expanded), span, frame.id, True, tuple(frame.items))
        self.nesting -= 2
        self.frame = self.frames.pop()
        self.put(form, frame.spaced)
