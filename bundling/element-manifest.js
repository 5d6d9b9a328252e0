/**
 * How dist/custom-elements.json is made: what editors and documentation tools know of
 * `<chalk-talk>`. Its source is the comment of the class and the types of its members.
 */

/** An event's class by its name: `chalk-before-send` is a ChalkBeforeSendEvent. */
const eventClass = name => `${name.replaceAll(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())}Event`;

/** What of a class is the page's business. */
const isPublic = ({ name, privacy }) => privacy !== 'private' && privacy !== 'protected' && !name.startsWith('_');

/** Leaves what a page may use, under the tag and from the module by which it comes. */
const publicFace = {
  name: 'public-face',
  packageLinkPhase({ customElementsManifest }) {
    for (const module of customElementsManifest.modules) {
      const path = 'dist/index.js';
      const declaration = module.declarations.find(({ customElement }) => customElement);
      declaration.tagName = 'chalk-talk';
      // What its definition adds to the class is not the page's business either.
      declaration.members = declaration.members.filter(member => isPublic(member) && member.name !== 'connections');
      declaration.attributes = declaration.attributes.filter(isPublic);
      declaration.events = declaration.events
        .filter(({ name }) => name.startsWith('chalk-'))
        .map(event => ({ ...event, type: { text: eventClass(event.name) } }));
      module.path = path;
      module.declarations = [declaration];
      module.exports = [
        {
          kind: 'custom-element-definition',
          name: 'chalk-talk',
          declaration: { name: declaration.name, module: path },
        },
      ];
    }
  },
};

export default {
  globs: ['widget/element/chalk-talk.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [publicFace],
};
