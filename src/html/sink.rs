//! Grows the tree for the parser and notes which source text made each element.
//!
//! In: the tree builder's calls. Out: `scraper`'s tree, unchanged, and one [`Origin`] per element. Every call is passed
//! on to `scraper`'s own sink. Invariant: watches only; the tree is the one `scraper` would have built alone, save for
//! fragments that the reader asks for. Tested in `reader.rs`.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use ego_tree::NodeId;
use html5ever::interface::{Attribute, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{LocalName, QualName};
use scraper::{Html, HtmlTreeSink, Node};
use tendril::StrTendril;

/// A node while the tree grows; `origin` is the index of its [`Origin`] (of the template for template contents).
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle {
    node: NodeId,
    origin: Option<u32>,
}

/// Which source text made an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) node: NodeId,
    pub(super) span: Span,
    /// True when `span` is the element's own start tag.
    pub(super) exact: bool,
    /// Nesting level when the element was inserted; `html` has 1.
    depth: u32,
}

/// A byte range of the source.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// `scraper`'s sink with an observer in front.
pub(super) struct Grower {
    inner: HtmlTreeSink,
    origins: RefCell<Vec<Origin>>,
    cause: Cell<Span>,
    /// The element whose attributes the current token completed (a second `html` or `body` tag).
    completed: Cell<Option<u32>>,
    deepest: Cell<u32>,
    /// Where the content of an element grows while it is parsed on its own.
    fragment: Cell<Option<Handle>>,
}

impl Grower {
    pub(super) fn new() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            origins: RefCell::default(),
            cause: Cell::default(),
            completed: Cell::default(),
            deepest: Cell::default(),
            fragment: Cell::default(),
        }
    }

    /// What is created from now on comes from this source text. Returns how many elements there are, for
    /// [`Grower::own`].
    pub(super) fn begin(&self, cause: Span) -> usize {
        self.cause.set(cause);
        self.completed.set(None);
        self.origins.borrow().len()
    }

    /// The start tag `name`, begun when there were `before` elements, is done: the element it stands for has an exact
    /// place. It is the last one created, since implied parents and reopened formatting elements come first.
    pub(super) fn own(&self, before: usize, name: &LocalName) {
        let mut origins = self.origins.borrow_mut();
        let own = if origins.len() > before {
            origins.len() - 1
        } else {
            self.completed.get().map_or(usize::MAX, |o| o as usize)
        };
        let Some(origin) = origins.get_mut(own) else { return };
        if !origin.exact && is_named_by(&self.inner, origin.node, name) {
            origin.exact = true;
            origin.span = self.cause.get();
        }
    }

    /// The element created last.
    pub(super) fn last(&self) -> Option<Handle> {
        let origins = self.origins.borrow();
        origins.last().map(|origin| Handle { node: origin.node, origin: Some(origins.len() as u32 - 1) })
    }

    /// What grows from now on is the content of this element, until [`Grower::end_fragment`].
    pub(super) fn begin_fragment(&self, element: Handle) {
        let node = self.inner.0.borrow_mut().tree.orphan(Node::Fragment).id();
        self.fragment.set(Some(Handle { node, origin: element.origin }));
    }

    /// What grew replaces what the element contained.
    pub(super) fn end_fragment(&self, element: Handle) {
        let Some(fragment) = self.fragment.take() else { return };
        let tree = &mut self.inner.0.borrow_mut().tree;
        while let Some(mut old) = tree.get_mut(element.node).and_then(|node| node.into_first_child().ok()) {
            old.detach();
        }
        // The fragment parser puts all it reads into an `html` element of its own (HTML standard §13.4, step 6).
        let root = tree.get(fragment.node).and_then(|node| node.first_child()).map(|root| root.id());
        if let (Some(root), Some(mut element)) = (root, tree.get_mut(element.node)) {
            element.reparent_from_id_append(root);
        }
    }

    pub(super) fn quirks_mode(&self) -> QuirksMode {
        self.inner.0.borrow().quirks_mode
    }

    pub(super) fn deepest(&self) -> usize {
        self.deepest.get() as usize
    }

    pub(super) fn node_count(&self) -> usize {
        self.inner.0.borrow().tree.values().len()
    }

    /// The tree and the origins, in the order of node ids.
    pub(super) fn into_parts(self) -> (Html, Vec<Origin>) {
        (self.inner.finish(), self.origins.into_inner())
    }

    fn depth(&self, handle: &Handle) -> u32 {
        handle.origin.map_or(0, |origin| self.origins.borrow()[origin as usize].depth)
    }

    fn hang(&self, child: &NodeOrText<Handle>, depth: u32) {
        if let NodeOrText::AppendNode(Handle { origin: Some(origin), .. }) = child {
            self.origins.borrow_mut()[*origin as usize].depth = depth;
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

/// The parser gives SVG names their capitals and calls an `image` tag in HTML an `img`.
fn is_named_by(sink: &HtmlTreeSink, node: NodeId, tag: &LocalName) -> bool {
    let name = sink.elem_name(&node);
    name.local.eq_ignore_ascii_case(tag) || &**tag == "image" && &*name.local == "img"
}

fn inner(child: NodeOrText<Handle>) -> NodeOrText<NodeId> {
    match child {
        NodeOrText::AppendNode(handle) => NodeOrText::AppendNode(handle.node),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}

impl TreeSink for Grower {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) {}

    fn parse_error(&self, message: Cow<'static, str>) {
        self.inner.parse_error(message);
    }

    fn get_document(&self) -> Handle {
        self.fragment.get().unwrap_or_else(|| Handle { node: self.inner.get_document(), origin: None })
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Ref<'a, QualName> {
        self.inner.elem_name(&target.node)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let node = self.inner.create_element(name, attrs, flags);
        let mut origins = self.origins.borrow_mut();
        origins.push(Origin { node, span: self.cause.get(), exact: false, depth: 0 });
        Handle { node, origin: Some(origins.len() as u32 - 1) }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        Handle { node: self.inner.create_comment(text), origin: None }
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        Handle { node: self.inner.create_pi(target, data), origin: None }
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.hang(&child, self.depth(parent) + 1);
        self.inner.append(&parent.node, inner(child));
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        self.hang(&child, self.depth(previous) + 1);
        self.inner.append_based_on_parent_node(&element.node, &previous.node, inner(child));
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        Handle { node: self.inner.get_template_contents(&target.node), origin: target.origin }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.node == y.node
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.hang(&child, self.depth(sibling));
        self.inner.append_before_sibling(&sibling.node, inner(child));
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.completed.set(target.origin);
        self.inner.add_attrs_if_missing(&target.node, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.inner.remove_from_parent(&target.node);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.inner.reparent_children(&node.node, &new_parent.node);
    }

    fn mark_script_already_started(&self, node: &Handle) {
        self.inner.mark_script_already_started(&node.node);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        self.inner.is_mathml_annotation_xml_integration_point(&handle.node)
    }
}
