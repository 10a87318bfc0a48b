export default carryPart;
